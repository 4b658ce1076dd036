/** Blanks between two tokens of one line. */

/** A token or comment, as far as the blanks around it depend on it. */
interface Neighbour {
	readonly kind: string;
	readonly text: string;
}

/** Words that begin statements in which a colon is part of the name of a package. */
const NAMES_PACKAGES: ReadonlySet<string> = new Set(["package", "use", "include", "import", "export"]);

/**
 * @param next the token behind `after`, empty without one
 * @param head first word of the statement
 */
export function gapBetween(before: Neighbour, after: Neighbour, next: string, head: string): "" | " " {
	if (before.kind === "comment" || after.kind === "comment") return " ";
	if (/^[,;:)>.+(</]$/.test(after.text) || /^[(<.@/+]$/.test(before.text)) return "";
	if (before.text === ":" && NAMES_PACKAGES.has(head)) return declares(after.text, next) ? " " : "";
	if (after.text === "@") return "";
	if (before.text === "{" || after.text === "}") return head === "use" ? "" : " ";
	return " ";
}

/** True if the tokens behind a colon of an import or export begin its type. */
function declares(word: string, next: string): boolean {
	return (word === "func" && next === "(") || (word === "async" && next === "func") || (word === "interface" && next === "{");
}
