// The header speaks in risk: what is read, what leaked, how bad it can still be.

// Shares come as fractions of one; two significant digits are all that they carry.
const percent = (share) => `${Number((share * 100).toPrecision(2))} %`;

export function riskWords(progress) {
  const parts = [progress.leaks === 1 ? "1 leak" : `${progress.leaks} leaks`];
  if (progress.over_redactions) parts.push(`${progress.over_redactions} over-redacted`);
  if (progress.can_pass === false) parts.push(progress.undecided ? "This round can no longer pass; reading on shows what else leaks." : "This round cannot pass");
  else if (typeof progress.upper === "number") {
    parts.push(`upper bound ${percent(progress.upper)} so far, ${percent(progress.best_upper)} at best when all are read (target ${percent(progress.target)})`);
  }
  if (progress.checks) parts.push(`${progress.checked}/${progress.checks} mended notes confirmed or flagged`);
  if (typeof progress.minutes_left === "number" && progress.read < progress.planned) {
    parts.push(`about ${Math.max(1, Math.round(progress.minutes_left))} min left`);
  }
  return parts.join(" · ");
}

export function drawRisk(line, bar, progress) {
  const read = document.createElement("strong");
  read.textContent = `${progress.read}/${progress.planned} read`;
  line.replaceChildren(read, ` · ${riskWords(progress)}`);
  bar.max = progress.planned || 1;
  bar.value = progress.read;
}
