/*
 * Put into the page for ops staff before any of its scripts: taps the all-clear of an outage as soon as it can be seen, and notes when what that
 * opens is there. One function expression.
 */
() => {
  const find = (name) => [...document.querySelectorAll(`[data-test=${name}]`)].find((element) => element.checkVisibility());
  let isTapped = false;
  window.usable = new Promise((resolve) => {
    const look = () => {
      const button = find('all-clear');
      if (button && !isTapped) {
        isTapped = true;
        button.click();
      }
      if (find('step-all-clear')) resolve(performance.now());
      else setTimeout(look, 10);
    };
    look();
  });
}
