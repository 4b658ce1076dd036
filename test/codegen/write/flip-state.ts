/** Files of a tree in one of two states: most differ in content, some are in one state only. */
export function stateFiles(state: string): Record<string, string> {
	const files = Array.from({ length: 60 }, (_, index): [string, string] => [`folder-${index % 7}/file-${index}.ts`, `${index} ${state}\n`]);
	const own = Array.from({ length: 10 }, (_, index): [string, string] => [`only-${state}/${index}.ts`, state]);
	return Object.fromEntries([...files, ...own, ["same.ts", "same"]]);
}
