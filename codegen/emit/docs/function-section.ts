/** The section of a page that describes one function. */
import { isBlocking } from "../../model/abi.ts";
import type { Func } from "../../model/model.ts";
import { linkedType } from "./markdown.ts";
import { functionText } from "./wit-text.ts";

export function functionSection(func: Func, page: string): string {
	const notes = [isBlocking(func) ? "Waits: the guest is suspended until the host answers." : "", failure(func, page)].filter(
		(note) => note !== "",
	);
	return [
		`${func.resource === undefined ? "###" : "####"} ${functionHeading(func)}\n`,
		`\`\`\`wit\n${functionText(func)}\n\`\`\`\n`,
		func.docs.text === "" ? "" : `${func.docs.text}\n`,
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

function failure({ result }: Func, page: string): string {
	if (result?.kind !== "result") return "Cannot fail.";
	return result.err === undefined ? "May fail." : `May fail with ${linkedType(result.err, page)}.`;
}
