/** The section of a page that describes one function. */

import { isBlocking } from "../../../model/abi.ts";
import type { Func } from "../../../model/model.ts";
import { functionParts, textOf } from "../../kit/wit-text.ts";
import { commentText } from "./comment-text.ts";
import { cautionLine, type Links } from "./pieces.ts";

export function functionSection(func: Func, links: Links): string {
	const notes = [isBlocking(func) ? "Waits: the guest is suspended until the host answers." : "", failure(func, links)].filter(
		(note) => note !== "",
	);
	return [
		`${func.resource === undefined ? "###" : "####"} ${functionHeading(func)}\n`,
		cautionLine(func),
		`\`\`\`wit\n${textOf(functionParts(func))}\n\`\`\`\n`,
		func.docs.text === "" ? "" : `${commentText(func.docs.text)}\n`,
		notes.length === 0 ? "" : `${notes.join(" ")}\n`,
	]
		.filter((part) => part !== "")
		.join("\n");
}

/** `func complete`, or `session.send` for a function of a resource. */
function functionHeading({ name, kind, resource }: Func): string {
	if (resource === undefined) return `func \`${name}\``;
	return kind === "constructor" ? `constructor of \`${resource.name}\`` : `\`${resource.name}.${name}\``;
}

function failure({ result }: Func, links: Links): string {
	if (result?.kind !== "result") return "Cannot fail.";
	return result.err === undefined ? "May fail." : `May fail with ${links.type(result.err)}.`;
}
