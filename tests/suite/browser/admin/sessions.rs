//! A session that has ended elsewhere, in a browser that still has its cookie.

use super::{
    super::site::{OPERATOR, PASSWORD, Site, sign_in_as},
    value,
};
use crate::support::browser::{Browser, Engine, in_each_engine};

/// The page's head asks with the dead cookie for what the desk shows first, and is refused; after a new sign-in the refusals are nobody's answer.
async fn a_dead_cookie_keeps_nobody_out(engine: Engine) {
    let site = Site::start();
    site.add_operator();
    let browser = Browser::start_in(engine).await;
    site.sign_in(&browser).await;
    let session = async || {
        let cookies = browser.session.get_all_cookies().await.unwrap();
        cookies.into_iter().find(|cookie| cookie.name == "umleitung_session")
    };
    let dead = session().await.unwrap();
    browser.click("[data-test=sign-out]").await;
    browser.visible("#sign-in").await;
    assert!(session().await.is_none());
    browser.session.add_cookie(dead).await.unwrap();
    browser.open(&site.url("/admin/")).await;
    sign_in_as(&browser, OPERATOR).await;
    browser.visible("[data-test=situation]").await;
    browser.visible("[data-test=services]").await;
}

in_each_engine!(a_dead_cookie_keeps_nobody_out);

/// The page that has just come puts the focus on the name with its next frame; that may be late, on a busy machine or in a window behind others.
#[tokio::test]
async fn a_late_frame_does_not_take_the_focus_out_of_the_password() {
    let site = Site::start();
    site.add_operator();
    let browser = Browser::start().await;
    browser
        .before_each_page(
            "const frames = [];
            window.requestAnimationFrame = (frame) => frames.push(frame);
            window.allFrames = () => { const due = frames.splice(0); due.forEach((frame) => frame(performance.now())); return due.length; };",
        )
        .await;
    browser.open(&site.url("/admin/")).await;
    browser.fill("#sign-in-name", OPERATOR).await;
    browser.fill("#sign-in-password", "Kranich ").await;
    // What was waiting, and what follows from it.
    browser.until("allFrames()").await;
    browser.keys(PASSWORD.strip_prefix("Kranich ").unwrap()).await;
    assert_eq!(value(&browser, "#sign-in-name").await, OPERATOR);
    assert_eq!(value(&browser, "#sign-in-password").await, PASSWORD);
}
