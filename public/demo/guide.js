// The button on the guide page that shows a sample notice in this window only.

addEventListener("DOMContentLoaded", () => {
  const result = document.getElementById("vorschau-ergebnis");
  document.getElementById("vorschau").addEventListener("click", () => {
    if (window.umleitung && window.umleitung.preview) {
      window.umleitung.preview();
      result.textContent = "Die Beispielmeldung steht jetzt auf dieser Seite, nur in diesem Fenster. Beim Neuladen ist sie wieder fort.";
    } else {
      result.textContent = "Das Skript der Meldungen ist noch nicht geladen. Läuft der Server?";
    }
  });
});
