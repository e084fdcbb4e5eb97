// Why the machine replaced a part, in words. The technical names follow in parentheses, for
// whoever reports a mistake to the data engineer.

const RULES = {
  titled: "before", lower_case_title: "before", and_second_titled: "before", name_is: "before",
  relative: "before", mrn_glued: "before", ssn_last_four: "before", card_ending: "before",
  residence: "before", extension_or_pager: "before", patient_named: "before",
  credentialed: "after", name_then_relation: "after", name_then_age: "after", signature: "around",
  credential_before: "before",
};
const SHAPES = new Set([
  "email", "email_spelt_out", "url", "bare_domain", "ipv4", "ipv6", "uuid", "vin", "iban", "dicom_uid",
  "phone_seven_digits", "phone_with_trunk_zero", "vanity_number", "payment_card", "mac_address",
  "zip_plus_four", "street_address", "post_office_box", "base64_block", "embedded_image", "long_number",
  "letters_and_digits", "medicare_beneficiary_identifier", "numeric_date", "iso_date",
]);
const LISTS = new Set(["known_facility", "given_name", "first_and_last", "first_and_initial", "initials_and_last", "county", "place_by_nickname", "holiday", "weekday", "month_name"]);

const quoted = (words) => `because “${words}” stands`;

export function why(span, before, after) {
  const { recognizer = "", rule = "" } = span;
  let reason = "because of the words around it";
  const place = RULES[rule] ?? (/labelled|anchored|_after_|with_suffix/.test(rule) ? "before" : "");
  if (recognizer === "policy") reason = "because the policy names it as a term";
  else if (/known/.test(recognizer)) reason = "because it is known of this patient";
  else if (/propagat|sweep|repeat/.test(`${recognizer} ${rule}`)) reason = "because the same words were found elsewhere in this patient's notes";
  else if (place === "before" && before) reason = `${quoted(before)} before it`;
  else if (place === "after" && after) reason = `${quoted(after)} after it`;
  else if (SHAPES.has(rule) || /shape|date|month|day|timestamp/.test(rule)) reason = "because it is written like one";
  else if (LISTS.has(rule)) reason = "because it stands in a list of such words";
  const score = typeof span.score === "number" ? span.score.toFixed(2) : "";
  const technical = [recognizer, rule, score].filter(Boolean).join(", ").replaceAll("_", " ");
  return { reason, technical };
}
