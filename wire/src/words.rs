//! The fixed words of the field: kinds, severities, stages, statuses. Each is spelled on the wire as in the API documents.

use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub enum $name { $($(#[$variant_meta])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            /// Every word, in ascending order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word as it stands on the wire.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }
    };
}

words! {
    /// What a notice reports.
    Kind {
        /// *Störung*: something broke.
        Outage = "outage",
        /// *Wartung*: planned work within a window.
        Maintenance = "maintenance",
        /// *Hinweis*: worth knowing, nothing is broken.
        Information = "information",
    }
}

words! {
    /// How grave the effect on people is; ordered.
    Severity {
        Information = "information",
        Degraded = "degraded",
        PartialOutage = "partial_outage",
        Outage = "outage",
    }
}

words! {
    /// Where a notice stands in its life. Which stages a kind has and how they follow each other: `domain::notice`.
    Stage {
        Investigating = "investigating",
        Identified = "identified",
        Monitoring = "monitoring",
        Resolved = "resolved",
        Scheduled = "scheduled",
        InProgress = "in_progress",
        Overrunning = "overrunning",
        Completed = "completed",
        Cancelled = "cancelled",
        Published = "published",
        Withdrawn = "withdrawn",
    }
}

words! {
    /// How a service, or a whole portal, does right now; ordered, the gravest wins.
    Status {
        Operational = "operational",
        Information = "information",
        Maintenance = "maintenance",
        Degraded = "degraded",
        PartialOutage = "partial_outage",
        Outage = "outage",
    }
}

words! {
    /// How sure the announced end is.
    EndCertainty {
        Exact = "exact",
        Estimated = "estimated",
        Unknown = "unknown",
    }
}

words! {
    /// What happened to entries that people had begun.
    Entries {
        Saved = "saved",
        NotSaved = "not_saved",
        Unknown = "unknown",
    }
}

words! {
    /// Where a notice stands in the list of a portal.
    Timing {
        /// It holds now.
        Current = "current",
        /// It is announced and has not begun.
        Announced = "announced",
        /// It is over and lingers.
        Past = "past",
        /// The visitor's own browser sees trouble; nobody has published it.
        Seen = "seen",
    }
}

words! {
    /// In what a published notice was changed, for those who had read it before.
    Change {
        /// Its window moved.
        Moved = "moved",
        /// Its end moved.
        EndMoved = "end_moved",
        /// Something else in it.
        Edited = "edited",
    }
}

words! {
    /// What happens when the announced end is past and nobody has said anything.
    AtEnd {
        /// It ends by itself.
        Complete = "complete",
        /// It overruns until someone says that it is over.
        Confirm = "confirm",
    }
}

words! {
    /// The ways to reach a person.
    ChannelKind {
        Phone = "phone",
        /// The German administration's common number, reachable from Germany only.
        Number115 = "115",
        Email = "email",
        DeMail = "de_mail",
        Form = "form",
        Chat = "chat",
        Fax = "fax",
        Post = "post",
        Office = "office",
        /// Sign-language relay.
        SignLanguage = "sign_language",
    }
}

impl ChannelKind {
    /// Whether one has to speak and hear to use it.
    pub const fn needs_voice(self) -> bool {
        matches!(self, Self::Phone | Self::Number115)
    }
}

impl Stage {
    /// Whether the notice is over.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Resolved | Self::Completed | Self::Cancelled | Self::Withdrawn)
    }
}

impl From<Severity> for Status {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Information => Self::Information,
            Severity::Degraded => Self::Degraded,
            Severity::PartialOutage => Self::PartialOutage,
            Severity::Outage => Self::Outage,
        }
    }
}
