// The floor: the least that a script can do which has to ask a server for what it says.
const source = document.currentScript.src;
fetch(new URL('floor.json', source)).then((answer) => answer.json()).then(({ title, text }) => {
  const box = document.createElement('aside');
  box.append(Object.assign(document.createElement('h2'), { textContent: title }), Object.assign(document.createElement('p'), { textContent: text }));
  document.body.prepend(box);
});
