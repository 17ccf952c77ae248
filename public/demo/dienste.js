// Marks the services on the home page that are in trouble: an example of what a portal can do with the change event.
// Loaded before the notice, so that its first event is not missed; the page may still be on its way then.

const WORDS = {
  outage: "zurzeit nicht nutzbar",
  partial_outage: "teilweise gestört",
  degraded: "eingeschränkt",
  maintenance: "zurzeit nicht nutzbar",
  information: "Hinweis beachten",
};

let services = [];

function mark() {
  for (const place of document.querySelectorAll("[data-state-of]")) {
    const service = services.find((each) => each.id === place.dataset.stateOf);
    const words = (service && WORDS[service.status]) || "";
    if (place.textContent !== words) place.textContent = words;
  }
}

addEventListener("umleitung:change", (event) => {
  services = event.detail.services;
  mark();
});
addEventListener("DOMContentLoaded", mark);
