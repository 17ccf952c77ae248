// The stories in the yellow bar: each begins on the real server at a click, and ends at another.
// Stands in the bar itself, so that the buttons are there when the page is first painted and nothing moves.

const STORIES = {
  outage: "Störung der BundID",
  planned: "Wartung in zwei Minuten",
  three: "Drei Meldungen",
  portal: "Portal gestört",
};

const bar = document.createElement("div");
bar.className = "stories";
bar.setAttribute("role", "group");
bar.setAttribute("aria-labelledby", "stories");

const bid = document.createElement("p");
bid.id = "stories";
bid.textContent = "Ausprobieren:";
bar.append(bid);

const button = (label, story) => {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = label;
  made.dataset.story = story;
  made.addEventListener("click", () => play(made, story));
  bar.append(made);
  return made;
};

const play = async (clicked, story) => {
  for (const one of bar.querySelectorAll("button")) one.disabled = true;
  try {
    await (story ? fetch(`stories/${story}`, { method: "POST" }) : fetch("stories", { method: "DELETE" }));
  } finally {
    for (const one of bar.querySelectorAll("button")) one.disabled = false;
    (clicked.hidden ? bar.querySelector("button") : clicked).focus();
  }
};

for (const [story, label] of Object.entries(STORIES)) button(label, story);
const end = button("Beenden", "");
const look = (detail) => {
  end.hidden = !detail?.notices.some(({ timing }) => timing != "past");
};
look(window.umleitung?.current);
addEventListener("umleitung:change", ({ detail }) => look(detail));
document.currentScript.replaceWith(bar);
