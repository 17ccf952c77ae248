//! How a plain enumeration has its words: the same stored, told and read.

macro_rules! words {
    ($kind:ident { $($variant:ident: $word:literal),+ }) => {
        impl $kind {
            /// The word for it, stored and told.
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),+
                }
            }
        }

        impl std::str::FromStr for $kind {
            type Err = String;

            fn from_str(word: &str) -> Result<Self, String> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(format!("`{word}` is not one of {}", [$($word),+].join(", "))),
                }
            }
        }
    };
}

pub(super) use words;
