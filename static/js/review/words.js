// What belongs to a word: its neighbours that read like the rest of a name, and where else in the
// note the same word stands. Both are only ever offered.

const LETTERS = /^[\p{L}\p{M}'’-]+$/u;
const CAPITAL = /^\p{Lu}/u;
const MOST = 3; // words on one side
// Words that stand beside names and are none.
const COMMON = new Set(`a about after again age aged all also an and any are as at be been before being by
  called came clinic complains daughter denied denies did discharged discussed does during each
  evaluated examined father female follow followed for from gave given had has have he her here his
  history home hospital husband i if in into is it its lives male met mother mom dad my no not note noted
  notes now of old on or our per presented presents pt patient reported reports said saw says seen she
  since sister brother so son spoke stated states still take takes than that the their them then there
  these they this those to today told took under until up was we were when where which who wife will
  with would yesterday year years yo you your admitted history summary`.split(/\s+/));

function joins(view, gap, word, like) {
  const between = view.text(gap.start, gap.end);
  if (!/^(?: |-|\. |, )$/.test(between)) return false;
  const text = view.text(word.start, word.end);
  if (!LETTERS.test(text) || COMMON.has(text.toLowerCase()) || view.isReplaced(word)) return false;
  return CAPITAL.test(text) || (!like && text.length > 1);
}

// The picked words with the name-like words around them, or null if there are none.
export function wholeName(view, picked) {
  if (!picked || !LETTERS.test(view.text(picked.start, picked.end).replaceAll(" ", ""))) return null;
  const capital = CAPITAL.test(view.text(picked.start, picked.end));
  const range = { start: picked.start, end: picked.end };
  for (let n = 0; n < MOST; n += 1) {
    const word = view.wordBefore(range.start);
    if (!word || !joins(view, { start: word.end, end: range.start }, word, capital)) break;
    range.start = word.start;
  }
  for (let n = 0; n < MOST; n += 1) {
    const word = view.wordAfter(range.end);
    if (!word || !joins(view, { start: range.end, end: word.start }, word, capital)) break;
    range.end = word.end;
  }
  return range.start === picked.start && range.end === picked.end ? null : range;
}

// Where else the same words stand, still readable and not flagged. Short ones must match in case.
export function sameWords(view, { start, end }, flagged) {
  const short = end - start <= 3;
  const fold = (text) => (short ? text : text.toLowerCase());
  const wanted = fold(view.text(start, end));
  const found = [];
  for (let at = 0; at + end - start <= view.characters.length; at += 1) {
    const range = { start: at, end: at + end - start };
    const whole = !view.isWord(at - 1) && !view.isWord(range.end);
    const taken = flagged.some((one) => one.start < range.end && at < one.end);
    if (whole && !taken && fold(view.text(at, range.end)) === wanted && !view.isReplaced(range)) found.push(range);
  }
  return found;
}
