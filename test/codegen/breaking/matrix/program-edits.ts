/** Edits of a package made by a program: each line removed, swapped with the next one, and each word of it replaced. */

export interface ProgramEdit {
	readonly name: string;
	readonly text: string;
}

const OTHER_TYPES: { readonly [type in string]?: string } = {
	u8: "s8",
	u32: "u64",
	u64: "u32",
	f64: "f32",
	bool: "u8",
	string: "list<u8>",
	list: "option",
	option: "list",
	borrow: "list",
	func: "async func",
	import: "export",
	export: "import",
	record: "variant",
	variant: "record",
	enum: "flags",
	flags: "enum",
};

/** Many edits are no valid WIT; those that are may be anything. */
export function programEdits(text: string): ProgramEdit[] {
	const lines = text.split("\n");
	const replaced = (index: number, ...by: string[]): string =>
		[...lines.slice(0, index), ...by, ...lines.slice(index + by.length)].join("\n");
	return lines.flatMap((line, index) => {
		if (line.trim() === "") return [];
		const where = `line ${index + 1}`;
		const next = lines[index + 1] ?? "";
		const words = [...line.matchAll(/[a-z][a-z0-9-]*/g)].flatMap(({ 0: word, index: at }) => {
			const put = (by: string): ProgramEdit => ({
				name: `${where}: \`${word}\` → \`${by}\` at ${at}`,
				text: replaced(index, line.slice(0, at) + by + line.slice(at + word.length)),
			});
			return [put(OTHER_TYPES[word] ?? `${word}-x`), put(`${word}-x`)];
		});
		return [
			{ name: `${where} removed`, text: [...lines.slice(0, index), ...lines.slice(index + 1)].join("\n") },
			{ name: `${where} swapped with the next`, text: replaced(index, next, line) },
			{ name: `${where} twice`, text: [...lines.slice(0, index), line, line, ...lines.slice(index + 1)].join("\n") },
			...words,
		];
	});
}
