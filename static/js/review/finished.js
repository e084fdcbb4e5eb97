// What is true when no note is left for this reviewer: others may still hold some, or the round is
// judged. The words follow every answer of the server.

const notes = (count) => (count === 1 ? "1 note is" : `${count} notes are`);

export function finishedWords(progress) {
  if (progress.state === "passed") return ["This round is judged: it passed", "Every note is read. The result waits for a clinician's signature."];
  if (progress.state === "failed") return ["This round is judged: it did not pass", "Every note is read. The result says why; a data engineer mends what leaked."];
  if (progress.state === "signed_off") return ["This round is signed off", "Nothing is left to read."];
  return ["Nothing is left for you here", `What you decided is saved. ${notes(progress.undecided)} with other reviewers. The round is judged when they are decided; a note that nobody decides goes back to the queue after 15 minutes.`];
}

export function drawFinished(box, progress) {
  const [title, words] = finishedWords(progress);
  box.querySelector("h2").textContent = title;
  box.querySelector("p").textContent = words;
  box.querySelector("[data-act=again]").hidden = progress.state !== "open";
  const link = box.querySelector("a.button");
  if (link) link.textContent = progress.state === "open" ? "Go to the round" : "Go to the result";
}
