//! Why something cannot be done with a series.

use jiff::civil::Date;

use crate::words::{NoticeId, SeriesId};

/// Why a series cannot be changed in this way, whoever asks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotPlanned {
    #[error("the series {0} has ended")]
    Ended(SeriesId),
    #[error("the series {id} has no occurrence of {original}")]
    NoOccurrence { id: SeriesId, original: Date },
    #[error("the occurrence of {0} has begun or is over; what is still to be said of it is said by its notice")]
    Begun(Date),
    #[error("the occurrence of {original} was announced already, by the notice {notice}")]
    Announced { original: Date, notice: NoticeId },
    #[error("{original} is a day of the series {series}, with which this one goes on or from which it does")]
    Elsewhere { original: Date, series: SeriesId },
    #[error(
        "the notice {notice} of the occurrence of {original} has ended, and none is told of twice; skip it, and add one on another day"
    )]
    Apart { original: Date, notice: NoticeId },
}
