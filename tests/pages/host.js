// What the embedding page does by itself: a button that counts, and enough text to scroll.
const count = document.getElementById("count");
document.getElementById("button").addEventListener("click", () => {
  count.textContent = Number(count.textContent) + 1;
});
for (const id of ["filler", "below"]) {
  for (let i = 0; i < 60; i += 1) {
    const line = document.createElement("p");
    line.textContent = `Zeile ${i + 1} des langen Textes.`;
    document.getElementById(id).append(line);
  }
}
