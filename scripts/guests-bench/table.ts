/** A line of the printed table. */
export interface Row {
	readonly name: string;
	readonly goal: string;
	readonly figure: string;
}

export function printTable(rows: readonly Row[]): void {
	const width = (of: (row: Row) => string): number => Math.max(...rows.map((row) => of(row).length));
	const [names, goals] = [width(({ name }) => name), width(({ goal }) => goal)];
	console.log("");
	for (const { name, goal, figure } of rows) console.log(`${name.padEnd(names)}  ${goal.padEnd(goals)}  ${figure}`);
}
