/** `generated/hostcall/core/errno.ts`: the errors, and what all functions of the host share. */
import type { CoreAbi } from "../../../model/core/core-abi.ts";
import { constantCase } from "../../../model/names/spelling.ts";
import { docComment, docText } from "../../kit/doc-comment.ts";
import { header, witSource } from "../../kit/header.ts";
import { union } from "../../kit/layout.ts";

export function errnoFile({ errno, errnos }: CoreAbi): string {
	const constants = errnos.map((each) => `${docComment(docText(each))}export const ${constantCase(each.name)} = -${each.number};\n`);
	const names = errnos.map(({ name }) => `typeof ${constantCase(name)}`);
	return `${header([witSource(errno)])}
/** Errors of the hostcalls of core modules. A call that fails returns one of these numbers. */

${constants.join("")}
${docComment(docText(errno))}${union("export type Errno =", names)}

/** Outcome of a call without an answer. */
export type Status = 0 | Errno;

/** The item at the front of a queue. It stays there until the guest has it. */
export interface Front<T> {
	readonly item: T;
	/** Takes the item off the queue. Called once, after the item was written to the guest's memory. */
	remove(): void;
}
`;
}
