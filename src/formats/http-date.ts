const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** `Sun, 06 Nov 1994 08:49:37 GMT`: the form that RFC 9110 requires of senders. */
const IMF_FIXDATE = /^[a-z]{3}, (?<day>\d{2}) (?<month>[a-z]{3}) (?<year>\d{4}) (?<time>\d{2}:\d{2}:\d{2}) (?:GMT|UTC)$/i;

/** `Sunday, 06-Nov-94 08:49:37 GMT`: the form of RFC 850, with two digits of the year. Some servers send four. */
const RFC_850 = /^[a-z]{3,9}, (?<day>\d{2})-(?<month>[a-z]{3})-(?<year>\d{2}|\d{4}) (?<time>\d{2}:\d{2}:\d{2}) (?:GMT|UTC)$/i;

/** `Sun Nov  6 08:49:37 1994`: the form of asctime in C, without a zone. */
const ASCTIME = /^[a-z]{3} (?<month>[a-z]{3}) (?<day>[ \d]\d) (?<time>\d{2}:\d{2}:\d{2}) (?<year>\d{4})$/i;

/**
 * Returns the time of an HTTP date in any of its three forms, in milliseconds since 1970. `undefined` for other text.
 *
 * @param now Time for the century of a year with two digits, in milliseconds since 1970.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7
 */
export function parseHttpDate(text: string, now: number = Date.now()): number | undefined {
	const groups = (IMF_FIXDATE.exec(text) ?? RFC_850.exec(text) ?? ASCTIME.exec(text))?.groups;
	if (groups === undefined) return undefined;
	const { day = "", month = "", year = "", time = "" } = groups;
	const [hours = 0, minutes = 0, seconds = 0] = time.split(":").map(Number);
	const at = Date.UTC(fullYear(year, now), MONTHS.indexOf(month.toLowerCase()), Number(day), hours, minutes, seconds);
	const found = new Date(at);
	// Out-of-range values carry over, such as the 31st of June. A leap second is the only valid one.
	const valid = found.getUTCMonth() === MONTHS.indexOf(month.toLowerCase()) || seconds === 60;
	return valid && Number(day) > 0 && hours < 24 && minutes < 60 && seconds < 61 ? at : undefined;
}

/** Returns a year with four digits. A year that seems more than 50 years ahead is the past one with the same last digits. */
function fullYear(year: string, now: number): number {
	if (year.length === 4) return Number(year);
	const current = new Date(now).getUTCFullYear();
	const full = current - (current % 100) + Number(year);
	return full > current + 50 ? full - 100 : full;
}
