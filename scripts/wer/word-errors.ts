const ONES = [
	..."zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen".split(" "),
	"nineteen",
];
const TENS = " twenty thirty forty fifty sixty seventy eighty ninety".split(" ");

/** Words that differ between a transcript and the text that was spoken. */
export interface WordErrors {
	/** Least number of words to replace, insert and remove. */
	readonly errors: number;
	/** Number of words of the spoken text. */
	readonly words: number;
}

/**
 * Returns the words that are compared: in lower case, without punctuation, hyphens and apostrophes, and with whole numbers below a million
 * spelled out. Nothing else is made equal, such as British and American spelling.
 */
export function scoredWords(text: string): string[] {
	return text
		.toLowerCase()
		.replace(/(\d),(?=\d{3})/g, "$1")
		.replace(/\d+/g, (digits) => ` ${spelled(Number(digits))} `)
		.replace(/[^\p{L}\s]/gu, "")
		.split(/\s+/)
		.filter((word) => word !== "");
}

/** Returns a number in words. */
function spelled(value: number): string {
	if (value >= 1_000_000) return String(value);
	if (value >= 1000) return `${spelled(Math.floor(value / 1000))} thousand${value % 1000 === 0 ? "" : ` ${spelled(value % 1000)}`}`;
	if (value >= 100) return `${spelled(Math.floor(value / 100))} hundred${value % 100 === 0 ? "" : ` ${spelled(value % 100)}`}`;
	if (value >= 20) return `${TENS[Math.floor(value / 10) - 1]}${value % 10 === 0 ? "" : ` ${spelled(value % 10)}`}`;
	return ONES[value] ?? String(value);
}

/** Compares a transcript with the spoken text, word by word. */
export function wordErrors(spoken: string, transcript: string): WordErrors {
	const expected = scoredWords(spoken);
	const heard = scoredWords(transcript);
	// One row of Levenshtein's table at once: distances of the words so far to each beginning of the transcript.
	let row = Array.from({ length: heard.length + 1 }, (_, index) => index);
	for (const [index, word] of expected.entries()) {
		const next = [index + 1];
		for (const [at, other] of heard.entries())
			next.push(Math.min((row[at] ?? 0) + (word === other ? 0 : 1), (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1));
		row = next;
	}
	return { errors: row.at(-1) ?? 0, words: expected.length };
}
