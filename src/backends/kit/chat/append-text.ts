import type * as cchat from "../../../../generated/ir/cchat.ts";

/** Appends text to the content. Extends the last part if that is text. */
export function appendText(content: cchat.ContentPart[], text: string): void {
	const last = content.at(-1);
	if (text === "") return;
	if (last?.type === "text") last.text += text;
	else content.push({ type: "text", text });
}
