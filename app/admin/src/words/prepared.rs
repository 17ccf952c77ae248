//! Texts that people outside read and nobody has to write at night: in each language in which portals are told, whatever this page speaks.

/// Whether what people had typed when it broke is still there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Typed {
    Kept,
    Lost,
    NotKnown,
}

impl Typed {
    pub(crate) const ALL: [Self; 3] = [Self::Kept, Self::Lost, Self::NotKnown];
}

/// What an update mostly says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum News {
    Searching,
    Found,
    /// It works again, and nobody is sure yet.
    Watching,
    Longer,
    /// Planned work goes on as it was announced.
    AsPlanned,
}

impl News {
    /// The end of the test hook of its button.
    pub(crate) const fn test(self) -> &'static str {
        match self {
            Self::Searching => "searching",
            Self::Found => "found",
            Self::Watching => "watching",
            Self::Longer => "longer",
            Self::AsPlanned => "as-planned",
        }
    }
}

/// The texts in one language. `{}` in the title is the service.
struct Prepared {
    language: &'static str,
    title: &'static str,
    impact: &'static str,
    works_again: &'static str,
    kept: &'static str,
    lost: &'static str,
    not_known: &'static str,
    rolled_back: &'static str,
    /// In the order of [`News`].
    news: [&'static str; 5],
}

const ALL: [Prepared; 6] = [
    Prepared {
        language: "de",
        title: "{}: online nicht möglich",
        impact: "Der Online-Dienst funktioniert gerade nicht. Wir arbeiten daran.",
        works_again: "Es geht wieder.",
        kept: "Was Sie eingegeben haben, ist erhalten.",
        lost: "Was Sie während der Störung eingegeben haben, kann verloren sein. Bitte prüfen Sie es.",
        not_known: "Ob Eingaben verloren sind, wissen wir noch nicht. Bitte prüfen Sie, was Sie eingegeben haben.",
        rolled_back: "Die Arbeiten werden abgebrochen. Wir stellen den Stand von vorher wieder her.",
        news: [
            "Wir suchen noch nach der Ursache.",
            "Die Ursache ist gefunden. Wir beheben sie.",
            "Es geht wieder. Wir beobachten noch, ob es so bleibt.",
            "Es dauert länger als gedacht.",
            "Die Arbeiten laufen wie geplant.",
        ],
    },
    Prepared {
        language: "en",
        title: "{}: not possible online",
        impact: "The online service is not working at the moment. We are working on it.",
        works_again: "It works again.",
        kept: "What you entered is still there.",
        lost: "What you entered while it did not work may be lost. Please check it.",
        not_known: "We do not know yet whether anything was lost. Please check what you entered.",
        rolled_back: "The work is being called off. We are restoring what was there before.",
        news: [
            "We are still looking for the cause.",
            "The cause has been found. We are fixing it.",
            "It works again. We are watching whether it stays that way.",
            "It is taking longer than expected.",
            "The work is going as planned.",
        ],
    },
    Prepared {
        language: "de-simple",
        title: "{}: Das geht im Internet gerade nicht",
        impact: "Der Dienst im Internet geht gerade nicht. Wir arbeiten daran.",
        works_again: "Es geht wieder.",
        kept: "Ihre Eingaben sind noch da.",
        lost: "Vielleicht sind Ihre Eingaben weg. Bitte sehen Sie nach.",
        not_known: "Wir wissen noch nicht: Sind Eingaben weg? Bitte sehen Sie nach.",
        rolled_back: "Wir brechen die Arbeiten ab. Danach ist alles wieder wie vorher.",
        news: [
            "Wir suchen noch nach dem Fehler.",
            "Wir haben den Fehler gefunden. Jetzt reparieren wir es.",
            "Es geht wieder. Wir prüfen noch: Bleibt es so?",
            "Es dauert länger.",
            "Die Arbeiten laufen nach Plan.",
        ],
    },
    Prepared {
        language: "tr",
        title: "{}: çevrim içi kullanılamıyor",
        impact: "Çevrim içi hizmet şu anda çalışmıyor. Üzerinde çalışıyoruz.",
        works_again: "Yeniden çalışıyor.",
        kept: "Girdiğiniz bilgiler duruyor.",
        lost: "Arıza sırasında girdiğiniz bilgiler kaybolmuş olabilir. Lütfen kontrol edin.",
        not_known: "Bilgi kaybı olup olmadığını henüz bilmiyoruz. Lütfen girdiklerinizi kontrol edin.",
        rolled_back: "Çalışma durduruluyor. Önceki durumu geri yüklüyoruz.",
        news: [
            "Nedenini hâlâ araştırıyoruz.",
            "Nedeni bulundu. Gideriyoruz.",
            "Yeniden çalışıyor. Böyle kalıp kalmayacağını izliyoruz.",
            "Beklenenden uzun sürüyor.",
            "Çalışmalar planlandığı gibi sürüyor.",
        ],
    },
    Prepared {
        language: "uk",
        title: "{}: онлайн недоступно",
        impact: "Онлайн-послуга зараз не працює. Ми над цим працюємо.",
        works_again: "Знову працює.",
        kept: "Введені вами дані збережено.",
        lost: "Дані, введені під час збою, могли бути втрачені. Будь ласка, перевірте їх.",
        not_known: "Ми ще не знаємо, чи втрачено дані. Будь ласка, перевірте, що ви ввели.",
        rolled_back: "Роботи припиняються. Ми відновлюємо попередній стан.",
        news: [
            "Ми ще шукаємо причину.",
            "Причину знайдено. Ми її усуваємо.",
            "Знову працює. Ми ще стежимо, чи так і залишиться.",
            "Це триває довше, ніж очікувалося.",
            "Роботи тривають за планом.",
        ],
    },
    Prepared {
        language: "ar",
        title: "{}: غير متاح عبر الإنترنت",
        impact: "الخدمة الإلكترونية لا تعمل حاليًا. نحن نعمل على إصلاحها.",
        works_again: "عادت الخدمة إلى العمل.",
        kept: "ما أدخلتموه محفوظ.",
        lost: "قد يكون ما أدخلتموه أثناء العطل مفقودًا. يرجى التحقق منه.",
        not_known: "لا نعلم بعد إن كان شيء قد فُقد. يرجى التحقق مما أدخلتموه.",
        rolled_back: "يجري إيقاف الأعمال. نحن نعيد الحالة السابقة.",
        news: [
            "ما زلنا نبحث عن السبب.",
            "تم العثور على السبب، ونحن نعالجه.",
            "عادت الخدمة إلى العمل، ونحن نراقب استقرارها.",
            "يستغرق الأمر وقتًا أطول من المتوقع.",
            "تسير الأعمال وفق الخطة.",
        ],
    },
];

fn of(language: &str) -> Option<&'static Prepared> {
    ALL.iter().find(|prepared| prepared.language == language)
}

/// The title and the impact of an outage of a service; `None`: nothing is prepared in this language.
pub(crate) fn outage(language: &str, service: &str) -> Option<(String, &'static str)> {
    of(language).map(|prepared| (prepared.title.replace("{}", service), prepared.impact))
}

/// That it works again, and what became of what people had typed.
pub(crate) fn all_clear(language: &str, typed: Typed) -> Option<String> {
    let prepared = of(language)?;
    let about = match typed {
        Typed::Kept => prepared.kept,
        Typed::Lost => prepared.lost,
        Typed::NotKnown => prepared.not_known,
    };
    Some(format!("{} {about}", prepared.works_again))
}

/// That work is given up, and what was there before comes back.
pub(crate) fn rolled_back(language: &str) -> Option<&'static str> {
    of(language).map(|prepared| prepared.rolled_back)
}

/// What is new; `None`: nothing is prepared in this language.
pub(crate) fn news(language: &str, news: News) -> Option<&'static str> {
    of(language).map(|prepared| prepared.news[news as usize])
}

/// Whether a text is one of these as it was prepared, which nobody has typed.
pub(crate) fn is_news(language: &str, text: &str) -> bool {
    of(language).is_some_and(|prepared| prepared.news.contains(&text.trim()))
}
