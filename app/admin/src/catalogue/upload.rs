//! The form that a step of a procedure takes: an address elsewhere, or a PDF that is uploaded here.

use api::UploadedForm;
use domain::{
    catalogue::{FormFile, LARGEST_FORM},
    words::{Code, Fault},
};
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;

use super::form::Form;
use crate::{
    calls,
    failure::Failure,
    fields::{self, element_id},
    once::Once,
    words::{self, catalogue::say},
};

/// The field of one form.
#[derive(Clone, Copy)]
struct Upload {
    form: Form,
    pointer: StoredValue<String>,
    /// What stands in it.
    value: RwSignal<String>,
    once: Once,
}

pub(super) fn field(form: Form, pointer: String, name: &'static str, hint: &'static str) -> AnyView {
    let wrong = {
        let pointer = pointer.clone();
        Memo::new(move |_| form.faults.at(&pointer))
    };
    let (shown, described) = fields::notes(&pointer, hint, wrong);
    let upload = Upload {
        form,
        value: RwSignal::new(form.draft.text(&pointer)),
        once: Once::new(),
        pointer: StoredValue::new(pointer),
    };
    let id = format!("{}-upload", upload.id());
    let hint_id = format!("{id}-hint");
    let control = move || match FormFile::parse(&upload.value.get()) {
        Some(file) => upload.uploaded(name, &file),
        None => upload.address(name, described.clone(), wrong),
    };
    view! {
        <div class="field">{control}{shown}</div>
        <div class="field">
            <label for=id.clone()>{say().upload}</label>
            <p class="hint" id=hint_id.clone()>{say().upload_hint}</p>
            <input id=id type="file" accept=".pdf,application/pdf" aria-describedby=hint_id
                prop:disabled=move || upload.once.is_busy() == "true" on:change=move |ev| upload.pick(&ev) />
        </div>
    }
    .into_any()
}

impl Upload {
    /// The id of the element that holds it.
    fn id(self) -> String {
        self.pointer.with_value(|pointer| element_id(pointer))
    }

    /// Something is to stand in it.
    fn set(self, text: String) {
        self.pointer.with_value(|pointer| self.form.typed(pointer, text.clone().into()));
        self.value.set(text);
    }

    fn uploaded(self, name: &'static str, file: &FormFile) -> AnyView {
        let id = self.id();
        let take_out = move |_| {
            self.set(String::new());
            let id = self.id();
            fields::focus_soon(id);
        };
        let called = words::said_of(say().row_remove, file.name());
        view! {
            <p id=id tabindex="-1" data-test="uploaded">
                {name} ": " <a href=calls::form(file) target="_blank">{file.name().to_owned()}</a> " "
                <button type="button" class="small" aria-label=called on:click=take_out>{say().row_remove}</button>
            </p>
        }
        .into_any()
    }

    fn address(self, name: &'static str, described: String, wrong: Memo<String>) -> AnyView {
        let id = self.id();
        let text = self.value.get_untracked();
        let typed = move |text: String| self.pointer.with_value(|pointer| self.form.typed(pointer, text.into()));
        view! {
            <label for=id.clone()>{name}</label>
            <input id=id type="url" aria-describedby=described aria-invalid=fields::invalid(wrong) prop:value=text
                on:input:target=move |ev| typed(ev.target().value()) />
        }
        .into_any()
    }

    fn pick(self, ev: &web_sys::Event) {
        let input = ev.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
        let Some(input) = input else { return };
        let file = input.files().and_then(|files| files.get(0));
        // The same one may be chosen again, once it is mended.
        input.set_value("");
        let Some(file) = file else { return };
        if file.size() > LARGEST_FORM as f64 {
            return self.refuse(too_large());
        }
        if self.once.begin().is_none() {
            return;
        }
        self.form.desk.hush();
        spawn_local(async move {
            if let Some(outcome) = self.once.ended(calls::upload_form(&file).await) {
                self.answered(outcome);
            }
        });
    }

    fn answered(self, outcome: Result<UploadedForm, Failure>) {
        match outcome {
            Ok(uploaded) => {
                self.set(uploaded.form);
                self.form.desk.say(words::catalogue::pages(uploaded.pages));
                let id = self.id();
                fields::focus_soon(id);
            }
            Err(Failure::Refused(problem)) if problem.status == 413 => self.refuse(too_large()),
            Err(failure) => match failure.faults().into_iter().next() {
                Some(fault) => self.refuse(fault),
                None => self.form.desk.failed(&failure),
            },
        }
    }

    /// What is wrong with a file is told at the field that it is for.
    fn refuse(self, fault: Fault) {
        let pointer = self.pointer.get_value();
        self.form.faults.show(vec![Fault { pointer, ..fault }]);
    }
}

fn too_large() -> Fault {
    Fault {
        pointer: String::new(),
        code: Code::Unlisted,
        detail: say().upload_too_large.to_owned(),
    }
}
