//! The frame of the page: header, messages, the current place, and where the focus goes when the place changes.

use domain::access::Role;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wire::Kind;

use crate::{
    conditions,
    desk::Desk,
    fields,
    route::Route,
    sign_in::{self, Newcomer},
    tongue::{self, Tongue},
    undo, words,
};

/// What the page shows at its own routes.
pub(crate) type Rooms = fn(Desk, Route) -> AnyView;

/// The whole page.
pub(crate) fn page(rooms: Rooms) -> AnyView {
    let desk = Desk::new();
    desk.start();
    let inside = Memo::new(move |_| desk.session.with(Option::is_some));
    let has_content = Memo::new(move |_| desk.catalogue.with(Option::is_some));
    let coming = Memo::new(move |_| match desk.route.get() {
        Route::Setup(token) if !inside.get() => Some((Newcomer::First, token)),
        Route::Invitation(token) if !inside.get() => Some((Newcomer::Invited, token)),
        _ => None,
    });
    follow_focus(desk, inside);
    view! {
        <a class="skip" href="#content" on:click=|ev| {
            // The fragment is the route, so the browser must not follow it.
            ev.prevent_default();
            fields::focus("content");
        }>{words::say().skip}</a>
        <div class="top">
            {header(desk, inside)}
            {told(desk)}
        </div>
        <section class="messages" aria-label=words::say().messages>
            {conditions::panel(desk)}
            <p class="message warning" hidden=move || desk.reachable.get() || !inside.get()>{words::say().offline}</p>
        </section>
        <main id="content" tabindex="-1" on:click=move |ev| {
            if opens(&ev) {
                desk.goes_on();
            }
        }>
            {move || (!inside.get() && desk.asked.get()).then(|| match coming.get() {
                Some((newcomer, token)) => sign_in::arrive(desk, newcomer, token),
                None => sign_in::sign_in(desk),
            })}
            {move || (!desk.asked.get()).then(|| view! { <p class="quiet">{words::say().loading}</p> })}
            // A session that ends hides what was typed and does not lose it.
            <div hidden=move || !inside.get()>{move || has_content.get().then(|| place(desk, rooms))}</div>
        </main>
    }
    .into_any()
}

/// Whether a tap opens something.
fn opens(tap: &leptos::ev::MouseEvent) -> bool {
    let on = tap.target().and_then(|on| on.dyn_into::<web_sys::Element>().ok());
    on.is_some_and(|on| on.closest("button[aria-expanded]").is_ok_and(|button| button.is_some()))
}

/// What just happened, seen from wherever one has scrolled to.
fn told(desk: Desk) -> AnyView {
    view! {
        <section class="told" aria-label=words::just_now()>
            <div class=move || if desk.message_is_grave() { "message danger" } else { "message success" }
                hidden=move || desk.message().is_empty()>
                <p>{move || desk.message()} " " <a href=Route::Account.href() data-test="secure" hidden=move || !desk.message_is_welcome()>{words::say().account}</a></p>
                {undo::button(desk)}
                <button type="button" class="small" aria-label=words::say().close_message on:click=move |_| desk.hush()>"×"</button>
            </div>
            // What speaks is there before its text, and never hidden.
            <p class="visually-hidden" role="status" data-test="status">{move || desk.message()}</p>
        </section>
    }
    .into_any()
}

fn header(desk: Desk, inside: Memo<bool>) -> AnyView {
    let who = move || {
        desk.session.get().map(|session| {
            view! {
                <span class="who">
                    <span class="visually-hidden">{words::say().signed_in_as} " "</span>
                    <a href=Route::Account.href() data-test="to-account"><strong>{session.name}</strong></a>
                    " "
                    <span class="role">{session.role.map(words::role)}</span>
                </span>
                <button type="button" class="small" data-test="sign-out" on:click=move |_| desk.sign_out()>{words::say().sign_out}</button>
            }
        })
    };
    // Nobody is told of what is nowhere asked for.
    let asks = move || {
        let is_named = || desk.known().portals.iter().any(|portal| !portal.four_eyes.is_empty());
        desk.waiting.get() > 0 || desk.route.get() == Route::Approvals || is_named()
    };
    let here = move |route: Route| (desk.route.get() == route).then_some("page");
    view! {
        <header>
            <p class="brand"><span class="sign" aria-hidden="true"></span><span class="name">{words::say().product}</span></p>
            <nav aria-label=words::say().product hidden=move || !inside.get() || desk.lacks_factor()>
                <a href=Route::Overview.href() aria-current=move || here(Route::Overview)>{words::say().overview}</a>
                <a href=Route::Channels.href() aria-current=move || here(Route::Channels) data-test="to-channels">{words::say().channels}</a>
                <a href=Route::Planning.href() aria-current=move || here(Route::Planning)>{words::say().planning}</a>
                <a href=Route::Approvals.href() aria-current=move || here(Route::Approvals) data-test="to-approvals" hidden=move || !asks()>
                    {move || words::approvals(desk.waiting.get())}
                </a>
                <a href=Route::Reports.href() aria-current=move || here(Route::Reports) data-test="to-reports">{words::say().reports}</a>
                <a href=Route::People.href() aria-current=move || here(Route::People) data-test="to-people" hidden=move || !desk.may(Role::Admin)>
                    {words::say().people}
                </a>
                <a href=Route::Catalogue.href() data-test="to-catalogue" hidden=move || !desk.may(Role::Admin)
                    aria-current=move || matches!(desk.route.get(), Route::Catalogue | Route::NewPart(_) | Route::Part(..)).then_some("page")>
                    {words::say().catalogue}
                </a>
                <a href=Route::Record(None).href() aria-current=move || matches!(desk.route.get(), Route::Record(_)).then_some("page")>{words::say().record}</a>
            </nav>
            {languages()}
            <div class="session">{who}</div>
        </header>
    }
    .into_any()
}

/// The other language, called as it calls itself.
fn languages() -> AnyView {
    let others = Tongue::ALL.into_iter().filter(|tongue| *tongue != tongue::spoken());
    let button = |tongue: Tongue| {
        let hook = format!("tongue-{}", tongue.tag());
        view! {
            <button type="button" class="small tongue" lang=tongue.tag() data-test=hook on:click=move |_| tongue::choose(tongue)>
                <span class="name">{tongue.name()}</span>
                <span class="brief" aria-hidden="true">{tongue.tag().to_ascii_uppercase()}</span>
            </button>
        }
    };
    others.map(button).collect_view().into_any()
}

/// What the address names.
fn place(desk: Desk, rooms: Rooms) -> AnyView {
    // Not the session itself: a place stays what it is while someone signs in again.
    let lacks_factor = Memo::new(move |_| desk.lacks_factor());
    (move || {
        let mut route = desk.route.get();
        if lacks_factor.get() && route != Route::Account {
            route = Route::Account;
        }
        if !route.is_here() || route != desk.route.get_untracked() {
            // An address that somebody typed, or that comes from before.
            route.replace();
            return ().into_any();
        }
        // Only what this role may do is offered; an address that someone else sent leads to the explanation.
        let needed = match &route {
            Route::New(_) | Route::Template(_) | Route::Report(_) | Route::Edit(_) => Role::Editor,
            Route::Repeat(_) => Role::Publisher,
            Route::People | Route::Catalogue | Route::NewPart(_) | Route::Part(..) => Role::Admin,
            _ => Role::Viewer,
        };
        if !desk.may_untracked(needed) {
            return view! { <h1 id="heading" tabindex="-1">{words::say().may_not}</h1><p><a href=Route::Overview.href()>{words::say().to_overview}</a></p> }
                .into_any();
        }
        rooms(desk, route)
    })
    .into_any()
}

/// What the window is called while a template is filled in.
fn template_name(desk: Desk, id: &str) -> String {
    let catalogue = desk.known();
    let template = catalogue.templates.iter().find(|template| template.id.as_str() == id);
    template.map_or_else(
        || words::say().unknown_place.to_owned(),
        |template| words::new_kind(template.notice.kind).to_owned(),
    )
}

/// Puts the focus on the heading of a new place, and on the name when the sign-in form comes; names the window.
fn follow_focus(desk: Desk, inside: Memo<bool>) {
    Effect::new(move |before: Option<(Route, bool, bool)>| {
        let now = (desk.route.get(), inside.get(), desk.asked.get());
        let heading = match (&now.0, now.1) {
            (_, false) => words::say().sign_in.to_owned(),
            (Route::New(kind), _) => words::new_kind(*kind).to_owned(),
            (Route::Template(id), _) => template_name(desk, id),
            (Route::Report(_), _) => words::new_kind(Kind::Outage).to_owned(),
            (Route::Notice(id), _) => id.clone(),
            (Route::Repeat(_), _) => words::say().repeat_heading.to_owned(),
            (Route::Channels, _) => words::say().channels.to_owned(),
            (Route::Planning, _) => words::say().planning.to_owned(),
            (Route::Approvals, _) => words::say().approvals.to_owned(),
            (Route::Reports, _) => words::say().reports.to_owned(),
            (Route::People, _) => words::say().people.to_owned(),
            (Route::Record(_), _) => words::say().record.to_owned(),
            (Route::Catalogue | Route::NewPart(_), _) => words::say().catalogue.to_owned(),
            (Route::Part(_, id), _) => format!("{} {id}", words::say().catalogue),
            (Route::Account, _) => words::say().account.to_owned(),
            (Route::Edit(id), _) => format!("{} {id}", words::say().edit_heading),
            _ => words::say().overview.to_owned(),
        };
        document().set_title(&format!("{heading} – {}", words::say().product));
        if before.as_ref().is_some_and(|before| *before != now) {
            let moved = before.as_ref().is_some_and(|before| before.0 != now.0);
            let inside = now.1;
            request_animation_frame(move || {
                // A frame may come late, and somebody may be quick.
                if fields::is_at_a_field() {
                    return;
                }
                if inside {
                    fields::focus("heading");
                    if moved {
                        window().scroll_to_with_x_and_y(0.0, 0.0);
                    }
                } else if !fields::focus("sign-in-name") {
                    fields::focus("setup-name");
                }
            });
        }
        now
    });
}
