//! The second factor of one's own: a device is added by a picture and one of its codes; codes for when it is lost are told once.

use api::{Device, OwnSecondFactor};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use qrcodegen::{QrCode, QrCodeEcc};

use super::{present_password::present_password, recovery_codes};
use crate::{
    calls,
    desk::Desk,
    failure::Failure,
    fields::{self, Faults, label},
    once::Once,
    opened::Opened,
    words::people::{self, say},
};

/// So many light modules stand around the picture (ISO/IEC 18004).
const QUIET: i32 = 4;

/// The id of the section's heading.
const HEADING: &str = "factor-heading";

/// What the section knows, and how far it is.
#[derive(Clone, Copy)]
struct Board {
    desk: Desk,
    /// How it stands; `None`: not asked yet.
    own: RwSignal<Option<OwnSecondFactor>>,
    /// The device that is being added.
    device: RwSignal<Option<Device>>,
    opened: Opened,
}

/// See the module.
pub(super) fn section(desk: Desk, opened: Opened) -> AnyView {
    let board = Board {
        desk,
        own: RwSignal::new(None),
        device: RwSignal::new(None),
        opened,
    };
    board.ask();
    let state = move || {
        board.own.with(|own| {
            let own = own.as_ref()?;
            Some(own.since.map_or_else(
                || say().factor_off.to_owned(),
                |since| {
                    let zone = desk.zone();
                    people::factor_on(&zone.moment(since, desk.now.get_untracked()), own.recovery_codes)
                },
            ))
        })
    };
    let now = move || match (recovery_codes::below(desk, HEADING), board.device.get()) {
        (Some(codes), _) => codes,
        (None, Some(device)) => adding(board, &device),
        (None, None) => choices(board),
    };
    view! {
        <section class="card" data-test="second-factor" aria-labelledby="factor-heading">
            <h2 id=HEADING tabindex="-1">{say().factor}</h2>
            <p class="notable" hidden=move || !desk.lacks_factor()>{say().factor_needed}</p>
            <p>{say().factor_what}</p>
            <p data-test="second-factor-state"><strong>{state}</strong></p>
            {now}
        </section>
    }
    .into_any()
}

impl Board {
    fn ask(self) {
        spawn_local(async move {
            match calls::own_second_factor().await {
                Ok(own) => drop(self.own.try_set(Some(own))),
                Err(failure) => self.desk.failed(&failure),
            }
        });
    }

    fn is_on(self) -> bool {
        self.own.with(|own| own.as_ref().is_some_and(|own| own.since.is_some()))
    }

    /// Whether there are recovery codes, or something that they stand in for. Passkeys bring some along, too.
    fn may_renew(self) -> bool {
        self.is_on() || self.own.with(|own| own.as_ref().is_some_and(|own| own.recovery_codes > 0))
    }

    /// Codes were made: they are told now.
    fn made(self, codes: Vec<String>) {
        self.device.set(None);
        self.opened.done();
        recovery_codes::came(self.desk, codes, HEADING);
        self.ask();
        fields::focus(HEADING);
    }
}

/// What can be done, as it stands: each asks for the password.
fn choices(board: Board) -> AnyView {
    let buttons = move || {
        let button = |id: &'static str, name: fn() -> &'static str| board.opened.button(id.to_owned(), id, "", name, || None);
        let fresh = board.may_renew().then(|| button("codes-new", || say().codes_new));
        let change = if board.is_on() {
            button("factor-remove", || say().factor_remove)
        } else {
            button("factor-add", || say().factor_add)
        };
        view! { {fresh} {change} }.into_any()
    };
    let [adds, renews, removes] = ["factor-add", "codes-new", "factor-remove"].map(|id| board.opened.is(id.to_owned()));
    view! {
        <div class="row" hidden=move || board.own.with(Option::is_none)>{buttons}</div>
        {move || adds.get().then(|| asked(board, say().factor_add, calls::begin_second_factor, move |device: Device| {
            board.opened.done();
            board.device.set(Some(device));
            fields::focus_soon(fields::element_id("/code"));
        }))}
        {move || renews.get().then(|| asked(board, say().codes_new, calls::new_recovery_codes, move |codes: Vec<String>| board.made(codes)))}
        {move || removes.get().then(|| asked(board, say().factor_remove, calls::remove_second_factor, move |()| {
            board.opened.done();
            board.ask();
            // Their role may need one.
            board.desk.learn_session();
            board.desk.say(say().factor_removed.to_owned());
            fields::focus(HEADING);
        }))}
    }
    .into_any()
}

/// Something that takes the password.
fn asked<T: 'static, F: Future<Output = Result<T, Failure>> + 'static>(
    board: Board,
    name: &'static str,
    call: impl Fn(String) -> F + Copy + 'static,
    then: impl FnOnce(T) + Copy + 'static,
) -> AnyView {
    let current = RwSignal::new(String::new());
    let (faults, once) = (Faults::new(), Once::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let empty = fields::missing([("/current", current)]);
        if !empty.is_empty() {
            return faults.show(empty);
        }
        once.send(board.desk, faults, call(current.get_untracked()), then);
    };
    view! {
        <form class="step" id="step" tabindex="-1" aria-label=name on:submit=submit novalidate data-test="factor-password">
            {faults.summary(|_| {})}
            {present_password(faults, current)}
            <div class="row">
                <button type="submit" class="primary" data-test="factor-go" aria-disabled=move || once.is_busy()>{name}</button>
                <button type="button" on:click=move |_| board.opened.close()>{crate::words::say().cancel}</button>
            </div>
        </form>
    }
    .into_any()
}

/// The picture for the device, and the field for the first code of it.
fn adding(board: Board, device: &Device) -> AnyView {
    let code = RwSignal::new(String::new());
    let (faults, once) = (Faults::new(), Once::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let empty = fields::missing([("/code", code)]);
        if !empty.is_empty() {
            return faults.show(empty);
        }
        once.send(
            board.desk,
            faults,
            calls::confirm_second_factor(code.get_untracked()),
            move |codes| board.made(codes),
        );
    };
    let cancel = move |_| {
        board.device.set(None);
        fields::focus(HEADING);
    };
    // In groups, as people type it.
    let letters: Vec<char> = device.secret.chars().collect();
    let secret: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    view! {
        <form class="step" on:submit=submit novalidate data-test="factor-device">
            {faults.summary(|_| {})}
            <p>{say().factor_scan}</p>
            {picture(&device.address)}
            <p><a href=device.address.clone()>{say().factor_open}</a></p>
            <p>{say().factor_type}</p>
            <p class="secret" data-test="factor-secret">{secret.join(" ")}</p>
            {fields::filled(faults, label("/code", say().factor_code, say().factor_code_hint), "text", Some("one-time-code"), code)}
            <div class="row">
                <button type="submit" class="primary" data-test="factor-confirm" aria-disabled=move || once.is_busy()>{say().factor_confirm}</button>
                <button type="button" on:click=cancel>{crate::words::say().cancel}</button>
            </div>
        </form>
    }
    .into_any()
}

/// An address as a QR code; nothing where it is too long for one.
fn picture(address: &str) -> Option<AnyView> {
    let code = QrCode::encode_text(address, QrCodeEcc::Medium).ok()?;
    let size = code.size();
    let dark = (0..size).flat_map(|y| (0..size).map(move |x| (x, y)));
    let dark = dark.filter(|(x, y)| code.get_module(*x, *y));
    let path: String = dark.map(|(x, y)| format!("M{} {}h1v1h-1z", x + QUIET, y + QUIET)).collect();
    let whole = size + 2 * QUIET;
    Some(
        view! {
            <svg class="code" role="img" aria-label=say().factor_picture viewBox=format!("0 0 {whole} {whole}") shape-rendering="crispEdges">
                <path d=path />
            </svg>
        }
        .into_any(),
    )
}
