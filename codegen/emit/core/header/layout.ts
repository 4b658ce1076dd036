/** Layout of C. */
const LINE_WIDTH = 140;

/** A doc comment with a line end, on one line where it fits; nothing for an empty text. */
export function cComment(text: string, indent = ""): string {
	if (text === "") return "";
	const safe = text.replaceAll("*/", "*\\/");
	const single = `${indent}/** ${safe} */`;
	if (!safe.includes("\n") && single.length <= LINE_WIDTH) return `${single}\n`;
	const lines = safe.split("\n").map((line) => `${indent} * ${line}`.trimEnd());
	return `${indent}/**\n${lines.join("\n")}\n${indent} */\n`;
}

/** A declaration of a function, without its end. */
export function cSignature(head: string, params: readonly string[]): string {
	const line = `${head}(${params.length === 0 ? "void" : params.join(", ")})`;
	return line.length <= LINE_WIDTH ? line : `${head}(\n\t${params.join(",\n\t")})`;
}
