// The least that is physically possible: one request, and a script of a few bytes that paints.
document.body.prepend(Object.assign(document.createElement('h2'), { textContent: "__TITLE__" }));
