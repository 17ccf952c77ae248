//! What is wrong with an input, field by field, so that a person can mend it.

use serde::{Deserialize, Serialize};

/// What kind of fault it is. The code is the contract with programs, and what people are told follows from it in their own language; codes are
/// added, never changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// Nothing is there.
    Missing,
    /// Something is there, and shows nothing.
    Empty,
    /// More than there may be.
    TooLong,
    /// Less than there has to be.
    TooShort,
    /// Not what is asked for: another type, an unknown word, a wrong spelling.
    Malformed,
    /// Beyond what it can mean.
    OutOfRange,
    LineBreak,
    /// A character that changes the direction of writing.
    DirectionCharacter,
    ControlCharacter,
    /// A character that is not seen or easily taken for another, in a name.
    DoubtfulCharacter,
    /// Letters of several scripts, in a name.
    MixedScripts,
    EasilyGuessed,
    /// The password that holds was to be given, and was not.
    WrongPassword,
    /// A code that does not hold.
    WrongCode,
    /// The digits of a code that somebody has read out, and that do not hold.
    NotHeard,
    Taken,
    Repeated,
    /// A name that the catalogue does not have.
    NotInCatalogue,
    /// A dependency that leads back to itself.
    Cycle,
    /// Only channels for which one has to speak and hear.
    VoiceOnly,
    /// A form that was not uploaded here.
    NotUploaded,
    /// Something else than the PDF that it is to be.
    NotPdf,
    /// A file that opens only with a password.
    Locked,
    /// A file that does something by itself.
    ActiveContent,
    /// Something that an open notice names would be gone.
    InUse,
    /// An entry that has to stay.
    Kept,
    /// An address that may not be linked.
    Link,
    LinkWithBlank,
    LinkUnclosed,
    LinkWithoutAddress,
    /// Neither a service nor a portal is named.
    NothingConcerned,
    DefaultLanguageMissing,
    /// A maintenance without its window.
    WindowMissing,
    EndMissing,
    /// An update without anything new.
    SaysNothing,
    /// An outage that breaks nothing.
    SeverityTooLow,
    /// An information that breaks something.
    SeverityTooHigh,
    OnlyWithSaved,
    OnlyWithEnd,
    NotWithOutage,
    OnlyWithOutage,
    EqualsStart,
    BeforeStart,
    NotAfterStart,
    AfterStart,
    Past,
    Future,
    /// An outage that begins in the future.
    PlannedIsMaintenance,
    /// It is to end by itself, and there is no end.
    NothingToEndAt,
    NeedsEnd,
    /// The end is said to be unknown, and is given.
    EndIsGiven,
    FixedByPublication,
    FixedByEnd,
    StageNotReachable,
    /// This call sets the stage by itself.
    StageNotHere,
    /// It is said of planned work only.
    OnlyWithMaintenance,
    /// A length that the window does not have.
    NotWithinWindow,
    /// A decision at a point of no return that there is not.
    NothingToDecide,
    /// An instant in a plan, each occurrence of which has its own.
    OfEachOccurrence,
    /// Planned work would lie in frozen time, and nobody has said why.
    Frozen,
    /// The same, and somebody else has to say yes.
    NeedsSecondPerson,
    /// A code of a later release.
    #[default]
    #[serde(other)]
    Unlisted,
}

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Fault {
    /// JSON Pointer (RFC 6901) to the field, such as `/title/de`.
    pub pointer: String,
    #[serde(default)]
    pub code: Code,
    /// What is wrong and what would be right; begins with a lower-case verb, the field's name stands before it.
    pub detail: String,
}

/// All that is wrong with an input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// A single fault.
    pub fn one(pointer: impl Into<String>, code: Code, detail: impl Into<String>) -> Self {
        let mut faults = Self::default();
        faults.add(pointer, code, detail);
        faults
    }

    /// Takes note of a fault.
    pub fn add(&mut self, pointer: impl Into<String>, code: Code, detail: impl Into<String>) {
        self.0.push(Fault {
            pointer: pointer.into(),
            code,
            detail: detail.into(),
        });
    }

    /// The faults in the order of the input.
    pub fn into_vec(self) -> Vec<Fault> {
        self.0
    }

    /// Ok when nothing is wrong.
    ///
    /// # Errors
    /// The faults themselves, when there is at least one.
    pub fn into_result(self) -> Result<(), Self> {
        if self.0.is_empty() { Ok(()) } else { Err(self) }
    }
}
