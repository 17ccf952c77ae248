// Helps people over an outage of the form they are filling in: an example of what a portal can do with the change event.
// While the service is down it offers to keep the entries as a file of one's own. Nothing is stored on the device unasked.
// Loaded before the notice, so that its first event is not missed; the page may still be on its way then.

const SERVICE = "kfz-zulassung";
const DOWN = ["outage", "partial_outage", "maintenance"];

let down = false;

addEventListener("umleitung:change", (event) => {
  const service = event.detail.services.find((each) => each.id === SERVICE);
  down = service !== undefined && DOWN.includes(service.status);
  show();
});

function show() {
  const draft = document.getElementById("entwurf");
  if (draft) draft.hidden = !down;
}

function save(form) {
  const entries = Object.fromEntries(new FormData(form));
  const file = new Blob([JSON.stringify(entries, null, 2)], { type: "application/json" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = "entwurf-kfz-zulassung.json";
  link.click();
  URL.revokeObjectURL(link.href);
}

async function load(form, file) {
  const entries = JSON.parse(await file.text());
  for (const field of form.elements) {
    if (!(field.name in entries)) continue;
    if (field.type === "radio" || field.type === "checkbox") field.checked = field.value === entries[field.name];
    else field.value = entries[field.name];
  }
}

addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("antrag");
  const result = document.getElementById("ergebnis");
  show();
  document.getElementById("entwurf-speichern").addEventListener("click", () => {
    save(form);
    result.textContent = "Der Entwurf liegt jetzt als Datei „entwurf-kfz-zulassung.json“ auf Ihrem Gerät.";
  });
  document.getElementById("entwurf-oeffnen").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (!file) return;
    try {
      await load(form, file);
      result.textContent = "Der Entwurf ist eingetragen. Bitte prüfen Sie die Angaben.";
    } catch {
      result.textContent = "Diese Datei ist kein Entwurf der Kfz-Zulassung.";
    }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    result.textContent = down
      ? "Der Antrag lässt sich gerade nicht absenden. Ihre Angaben bleiben im Formular; speichern Sie zur Sicherheit einen Entwurf."
      : "Vollständig. In der Vorführung endet der Weg hier: Es wurde nichts gesendet und nichts gespeichert.";
  });
});
