/** A JSON Schema. */
export type Schema = Readonly<Record<string, unknown>>;

export function isTable(value: unknown): value is Schema {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Returns a value that is a table, and an empty table for any other value. */
export function tableOf(value: unknown): Schema {
	return isTable(value) ? value : {};
}
