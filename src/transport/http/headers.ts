/** Header values by name in lower case. */
export type Headers = Readonly<Record<string, string>>;

/** Returns headers with one value each: several values are joined by commas. */
export function flattenHeaders(headers: Readonly<Record<string, string | readonly string[] | undefined>>): Headers {
	const flat: Record<string, string> = {};
	for (const name of Object.keys(headers)) {
		const value = headers[name];
		if (value !== undefined) flat[name] = typeof value === "string" ? value : value.join(", ");
	}
	return flat;
}
