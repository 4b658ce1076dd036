/** Longest name that the API accepts, without room for a number, in characters. The API accepts 200. */
const MAX_LENGTH = 180;

/**
 * Names of the documents of one request. The API accepts ASCII letters, digits, single spaces, hyphens, parentheses and square brackets,
 * and refuses a name that occurs twice in a conversation.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_DocumentBlock.html
 * @see https://github.com/maximhq/bifrost/issues/7003 (names that occur twice)
 */
export class DocumentNames {
	readonly #taken = new Set<string>();
	/** Last number that a name got. Otherwise many files of one name would try every number again. */
	readonly #numbers = new Map<string, number>();

	/** Returns the name for a file: without the ending of its name, with a number if an earlier document has the name. */
	claim(filename: string | undefined): string {
		const plain = plainName(filename ?? "");
		let number = this.#numbers.get(plain) ?? 1;
		let name = plain;
		while (this.#taken.has(name.toLowerCase())) name = `${plain} ${++number}`;
		this.#numbers.set(plain, number);
		this.#taken.add(name.toLowerCase());
		return name;
	}
}

function plainName(filename: string): string {
	const name = filename
		.replace(/\.[A-Za-z0-9]{1,8}$/, "")
		.replace(/[^A-Za-z0-9()[\]-]+/g, " ")
		.trim();
	return name === "" ? "document" : name.slice(0, MAX_LENGTH).trim();
}
