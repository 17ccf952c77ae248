//! The plain words about people, programs and one's own account; of the registry alone.

use super::table::words;
use crate::tongue::pick;

words! {
    invite = "Jemanden einladen", "Invite somebody";
    invite_label = "Für wen", "For whom";
    invite_label_hint = "So steht es in dieser Liste. Ihren Namen wählt die Person selbst.", "As it stands in this list. The person chooses their own name.";
    invite_send = "Link erzeugen", "Make the link";
    invite_link = "Der Link", "The link";
    invite_link_hint = "Geben Sie ihn nur dieser Person. Er gilt einmal und eine Woche lang; hier ist er nur jetzt zu sehen.", "Give it to this person only. It works once and for a week, and is to be seen here only now.";
    invited = "Eingeladen", "Invited";
    invitation_withdraw = "Einladung zurückziehen", "Withdraw the invitation";
    invitation_withdrawn = "Die Einladung gilt nicht mehr.", "The invitation is no longer valid.";
    expired = "abgelaufen", "has run out";
    everywhere = "Auf allen Portalen", "On all portals";
    single_portals = "Auf einzelnen Portalen", "On single portals";
    grants_change = "Rechte ändern", "Change rights";
    grants_save = "Rechte speichern", "Save rights";
    grants_changed = "Die Rechte sind geändert.", "The rights are changed.";
    person_sign_out = "Überall abmelden", "Sign out everywhere";
    person_signed_out = "ist überall abgemeldet.", "is signed out everywhere.";
    person_disable = "Sperren", "Disable";
    person_disabled = "ist gesperrt.", "is disabled.";
    person_enable = "Entsperren", "Enable";
    person_enabled = "kann sich wieder anmelden.", "can sign in again.";
    disabled = "gesperrt", "disabled";
    never_here = "noch nie hier", "never here yet";
    programs = "Programme", "Programs";
    programs_hint = "Ein Programm weist sich mit einem Zugangsschlüssel aus, zum Beispiel in einer Pipeline.", "A program identifies itself by a token, for example in a pipeline.";
    token_create = "Zugangsschlüssel erzeugen", "Make a token";
    token_send = "Schlüssel erzeugen", "Make it";
    grants = "Rechte", "Rights";
    token_name = "Wofür", "What for";
    token_name_hint = "So steht es im Journal.", "As it stands in the journal.";
    token_expires = "Gilt bis", "Works until";
    token_expires_hint = "Leer heißt: bis ihn jemand widerruft.", "Empty means: until somebody revokes it.";
    token_secret = "Der Schlüssel", "The token";
    token_secret_hint = "Er ist nur jetzt zu sehen.", "It is to be seen only now.";
    token_revoke = "Widerrufen", "Revoke";
    token_revoked = "gilt nicht mehr.", "does not work any more.";
    copy = "Kopieren", "Copy";
    copied = "Kopiert.", "Copied.";
    password = "Passwort", "Password";
    password_change = "Passwort ändern", "Change the password";
    password_save = "Passwort speichern", "Save the password";
    password_current = "Ihr jetziges Passwort", "Your present password";
    password_new = "Neues Passwort", "New password";
    password_changed = "Das Passwort ist geändert. In anderen Browsern sind Sie abgemeldet.", "The password is changed. In other browsers you are signed out.";
    passkeys = "Passkeys", "Passkeys";
    passkeys_what = "Mit einem Passkey melden Sie sich ohne Passwort und Code an: Ihr Gerät fragt nach Finger, Gesicht oder PIN. Das Passwort allein genügt dann nicht mehr.", "With a passkey you sign in without password and code: your device asks for a finger, a face or a PIN. The password alone does not do any more then.";
    passkeys_impossible = "Hier geht das nicht: Passkeys brauchen eine Adresse mit Namen und HTTPS, und einen Browser, der sie kennt.", "It does not work here: passkeys need an address with a name and HTTPS, and a browser that knows them.";
    passkey_add = "Passkey hinzufügen", "Add a passkey";
    passkey_name = "Name des Passkeys", "Name of the passkey";
    passkey_name_hint = "Zum Beispiel nach dem Gerät: Diensthandy", "For example after the device: work phone";
    passkey_make = "Weiter am Gerät", "Go on at the device";
    passkey_not_made = "Es wurde kein Passkey angelegt.", "No passkey was made.";
    passkey_unused = "noch nie benutzt", "never used yet";
    passkey_remove = "Entfernen", "Remove";
    passkey_removed = "Der Passkey gilt nicht mehr. Haben Sie das Gerät verloren? Dann melden Sie sich überall ab.", "The passkey does not hold any more. Have you lost the device? Then sign out everywhere.";
    from_provider = "Sie melden sich bei Ihrem Anbieter an: Passwort und zweiten Faktor ändern Sie dort, und Ihre Gruppen dort bestimmen, was Sie hier dürfen.", "You sign in with your provider: password and second factor are changed there, and your groups there decide what you may do here.";
    person_from_provider = "meldet sich beim Anbieter an; die Rechte folgen den Gruppen dort", "signs in with the provider; rights follow the groups there";
    factor = "Codes eines Geräts", "Codes of a device";
    factor_what = "Beim Anmelden fragen wir nach dem Passwort noch nach einem Code, den Ihr Gerät alle 30 Sekunden neu anzeigt. Wer nur Ihr Passwort kennt, kommt damit nicht hinein.", "When you sign in, we ask for the password and then for a code that your device shows anew every 30 seconds. Whoever knows your password alone does not get in.";
    factor_needed = "Ihre Rolle braucht einen zweiten Faktor. Richten Sie ihn jetzt ein; danach geht es weiter.", "Your role needs a second factor. Add it now; then you can go on.";
    factor_off = "Aus", "Off";
    factor_add = "Einrichten", "Add it";
    factor_scan = "1. Öffnen Sie auf Ihrem Gerät eine App für Einmalcodes, und nehmen Sie dieses Bild auf.", "1. Open an app for one-time codes on your device, and scan this picture.";
    factor_picture = "QR-Code für Ihre App", "QR code for your app";
    factor_open = "Auf diesem Gerät in der App öffnen", "Open in the app on this device";
    factor_type = "Oder tippen Sie diesen Schlüssel ein:", "Or type this key:";
    factor_code = "2. Der Code, den das Gerät jetzt anzeigt", "2. The code that the device shows now";
    factor_code_hint = "6 Ziffern", "6 digits";
    factor_confirm = "Bestätigen", "Confirm";
    factor_remove = "Ausschalten", "Turn it off";
    factor_removed = "Der zweite Faktor ist aus.", "The second factor is off.";
    codes_new = "Neue Wiederherstellungscodes", "New recovery codes";
    codes_what = "Wiederherstellungscodes: Mit jedem können Sie sich einmal anmelden, wenn Gerät oder Passkey fehlen. Drucken Sie sie aus, oder bewahren Sie sie getrennt vom Gerät auf. Sie sind nur jetzt zu sehen.", "Recovery codes: with each of them you can sign in once when neither device nor passkey is at hand. Print them or keep them apart from the device. They are to be seen only now.";
    codes_unkept = "Ihre Wiederherstellungscodes stehen noch auf „Mein Konto“ und sind nur jetzt zu sehen. Sichern Sie sie, und bestätigen Sie es dort.", "Your recovery codes still stand on “My account” and are to be seen only now. Keep them, and confirm it there.";
    codes_kept = "Ich habe sie gesichert", "I have kept them";
    person_factor = "Zweiter Faktor ist an", "second factor is on";
    person_reset = "Passkeys und Codes entfernen", "Remove passkeys and codes";
    person_was_reset = "meldet sich wieder nur mit dem Passwort an.", "signs in with the password alone again.";
    sign_out_everywhere = "Überall abmelden", "Sign out everywhere";
    sign_out_everywhere_hint = "In allen Browsern, auch in diesem. Zum Beispiel, wenn ein Gerät verloren ging.", "In all browsers, this one included. For example when a device was lost.";
}

/// Until when something works.
pub(crate) fn works_until(moment: &str) -> String {
    pick(format!("gilt bis {moment}"), format!("works until {moment}"))
}

/// When somebody was here last, to the hour.
pub(crate) fn last_here(moment: &str) -> String {
    pick(format!("zuletzt hier {moment}"), format!("last here {moment}"))
}

/// A passkey that was added.
pub(crate) fn passkey_added(name: &str) -> String {
    pick(format!("Der Passkey „{name}“ ist da."), format!("The passkey “{name}” is there."))
}

/// Since when there is a passkey.
pub(crate) fn passkey_since(moment: &str) -> String {
    pick(format!("seit {moment}"), format!("since {moment}"))
}

/// When somebody signed in with a passkey last.
pub(crate) fn passkey_used(moment: &str) -> String {
    pick(format!("zuletzt benutzt {moment}"), format!("last used {moment}"))
}

/// Since when a second factor is asked for, and how many codes for the case of loss are left.
pub(crate) fn factor_on(since: &str, codes: u32) -> String {
    pick(
        format!("An seit {since}. Wiederherstellungscodes übrig: {codes}."),
        format!("On since {since}. Recovery codes left: {codes}."),
    )
}
