import { guestName } from "../../../errors/guest-name.ts";
import { shorten } from "../../../formats/shorten.ts";

/** Longest path in a message, in characters. */
const MAX_LENGTH = 500;

/** Path of a schema within another one. A step costs the same at each depth, because the text is made only for messages. */
export class SchemaPath {
	readonly #parent: SchemaPath | undefined;
	readonly #step: string | number;

	/** @param parent Absent: the path is that of the outermost schema. */
	constructor(step: string | number = "", parent?: SchemaPath) {
		this.#step = step;
		this.#parent = parent;
	}

	/** Returns the path of a part of this schema. */
	at(step: string | number): SchemaPath {
		return new SchemaPath(step, this);
	}

	/**
	 * Returns the path as code spells it, such as `tools[0].parameters.properties.city`.
	 *
	 * @param root Path of the outermost schema, such as `tools[0].parameters`.
	 */
	under(root: string): string {
		const steps: string[] = [];
		for (let at: SchemaPath = this; at.#parent !== undefined; at = at.#parent) steps.push(textOf(at.#step));
		return shorten(`${root}${steps.reverse().join("")}`, MAX_LENGTH);
	}
}

function textOf(step: string | number): string {
	if (typeof step === "number") return `[${step}]`;
	return /^[\w$-]{1,200}$/.test(step) ? `.${step}` : `["${guestName(step)}"]`;
}
