import { guestName } from "../../errors/guest-name.ts";
import { HttpError } from "../http-error.ts";

/** A parameter of a query. */
export type Parameter = { readonly description: string } & (
	| { readonly type: "text"; readonly maxLength: number }
	/** A comma-separated list of names. */
	| { readonly type: "list"; readonly values: readonly string[] }
	| { readonly type: "integer"; readonly minimum: number; readonly maximum: number; readonly default?: number }
	| { readonly type: "boolean"; readonly default?: boolean }
	| { readonly type: "choice"; readonly values: readonly string[]; readonly default?: string }
);

type ValueOf<P> = P extends { readonly type: "integer" }
	? number
	: P extends { readonly type: "boolean" }
		? boolean
		: P extends { readonly type: "list"; readonly values: readonly (infer V)[] }
			? readonly V[]
			: P extends { readonly type: "choice"; readonly values: readonly (infer V)[] }
				? V
				: string;

/** The values of a query. A parameter without a default may be absent. */
export type Query<P extends Readonly<Record<string, Parameter>>> = {
	readonly [N in keyof P]: P[N] extends { readonly default: unknown } ? ValueOf<P[N]> : ValueOf<P[N]> | undefined;
};

/**
 * Reads a query.
 *
 * @throws HttpError 400 for an unknown or repeated parameter, and for a value that is none; `param` names the parameter.
 */
export function readQuery<const P extends Readonly<Record<string, Parameter>>>(parameters: P, query: URLSearchParams): Query<P> {
	const values = new Map<string, unknown>();
	for (const [name, text] of query) {
		const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
		if (parameter === undefined)
			throw refused(guestName(name), `there is no such parameter; there are: ${Object.keys(parameters).join(", ") || "none"}`);
		if (values.has(name)) throw refused(name, "it is given twice");
		values.set(name, parsed(name, text, parameter));
	}
	for (const [name, parameter] of Object.entries(parameters)) {
		if (!values.has(name) && "default" in parameter) values.set(name, parameter.default);
	}
	return Object.fromEntries(values) as Query<P>;
}

function parsed(name: string, text: string, parameter: Parameter): unknown {
	switch (parameter.type) {
		case "text":
			if (text.length > parameter.maxLength) throw refused(name, `it has more than ${parameter.maxLength} characters`);
			return text;
		case "boolean":
			if (text !== "true" && text !== "false") throw refused(name, "it must be true or false");
			return text === "true";
		case "integer": {
			const value = /^-?\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
			if (value >= parameter.minimum && value <= parameter.maximum) return value;
			throw refused(name, `it must be a whole number from ${parameter.minimum} to ${parameter.maximum}`);
		}
		case "choice":
			if (parameter.values.includes(text)) return text;
			throw refused(name, `it must be one of ${parameter.values.join(", ")}`);
		case "list": {
			const names = text.split(",", parameter.values.length + 1);
			if (names.every((each) => parameter.values.includes(each))) return names;
			throw refused(name, `it must list some of ${parameter.values.join(", ")}, separated by commas`);
		}
	}
}

function refused(param: string, fault: string): HttpError {
	return new HttpError(400, "invalid_request", `${param}: ${fault}`, { param });
}
