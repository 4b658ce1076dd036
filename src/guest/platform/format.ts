import { inspect } from "./inspect.ts";

/**
 * Returns the text of a line of `console`: text as it is, other values as `inspect` shows them. If the first value is text, its
 * `%s`, `%d`, `%i`, `%f`, `%j`, `%o`, `%O` and `%c` stand for the next values, and `%%` for a percent sign.
 *
 * @see https://console.spec.whatwg.org/#formatter
 */
export function format(values: readonly unknown[]): string {
	const [first, ...rest] = values;
	if (typeof first !== "string") return values.map(text).join(" ");
	let used = 0;
	const filled = first.replace(/%([sdifjoOc%])/g, (whole, kind: string) => {
		if (kind === "%") return rest.length === 0 ? whole : "%";
		if (used >= rest.length) return whole;
		const value = rest[used];
		used += 1;
		return converted(kind, value);
	});
	return [filled, ...rest.slice(used).map(text)].join(" ");
}

function text(value: unknown): string {
	return typeof value === "string" ? value : inspect(value);
}

function converted(kind: string, value: unknown): string {
	switch (kind) {
		case "s":
			return typeof value === "object" && value !== null
				? inspect(value, 1)
				: typeof value === "bigint"
					? `${value}n`
					: safe(value, String);
		case "d":
		case "i":
		case "f":
			if (typeof value === "bigint") return `${value}n`;
			if (typeof value === "object" || typeof value === "symbol") return "NaN";
			return String(kind === "d" ? Number(value) : kind === "i" ? Number.parseInt(String(value), 10) : Number.parseFloat(String(value)));
		case "j":
			return safe(value, (it) => JSON.stringify(it) ?? "undefined");
		case "c":
			// Styles have no meaning in a log.
			return "";
		default:
			return inspect(value);
	}
}

function safe(value: unknown, convert: (value: unknown) => string): string {
	try {
		return convert(value);
	} catch {
		return inspect(value);
	}
}
