// The category list stands below the picked words, or above them where there is more room, so that
// it runs out of the window nowhere and leaves the sentence readable.

const GAP = 10;

export function place(element, card, word) {
  const frame = card.getBoundingClientRect();
  const box = word.getBoundingClientRect();
  const line = Number.parseFloat(getComputedStyle(word).lineHeight) || box.height;
  const below = innerHeight - box.bottom - GAP;
  const above = box.top - GAP - (document.querySelector(".topbar")?.getBoundingClientRect().bottom ?? 0);
  const height = element.offsetHeight;
  const upwards = height > below && above > below;
  const top = upwards ? box.top - height - line / 2 : box.bottom + GAP;
  element.style.top = `${top - frame.top}px`;
  element.style.left = `${Math.max(8, Math.min(box.left - frame.left, frame.width - element.offsetWidth - 8))}px`;
}
