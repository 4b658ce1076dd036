import { parseJson } from "../../../formats/json.ts";
import { UpstreamFailure } from "../../../transport/http/failure.ts";
import { isObject, textOf } from "../../kit/json/guards.ts";

/** A status that refuses a request for its content, and the beginning of its body. */
export interface Refusal {
	readonly body: string;
}

/** Returns the refusal behind an error. `undefined` for an error with another cause. */
export function refusalOf(thrown: unknown): Refusal | undefined {
	const cause = thrown instanceof Error ? thrown.cause : undefined;
	return cause instanceof UpstreamFailure && (cause.status === 400 || cause.status === 422) ? { body: cause.body } : undefined;
}

/**
 * Returns true if a refusal names a member of the request. The place that a server states is certain. A message proves nothing if the guest
 * wrote the name too: servers repeat the guest's text in messages.
 *
 * @param isInText Returns true if the guest's own text holds the name. Called only if needed.
 */
export function namesMember({ body }: Refusal, name: string, isInText: () => boolean): boolean {
	return statedMembers(body).includes(name) || (holdsWord(body, name) && !isInText());
}

/** Returns true if a text holds a name that is no part of a longer one. */
export function holdsWord(text: string, name: string): boolean {
	for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + name.length)) {
		if (!isWordChar(text[at - 1]) && !isWordChar(text[at + name.length])) return true;
	}
	return false;
}

function isWordChar(char: string | undefined): boolean {
	return char !== undefined && /\w/.test(char);
}

/** Returns the members that a body states at fault, in the places that servers use: each is the first name of a path. */
function statedMembers(body: string): string[] {
	let value: unknown;
	try {
		value = parseJson(body);
	} catch {
		return [];
	}
	const first: unknown = Array.isArray(value) ? value[0] : value;
	const whole = isObject(first) ? first : {};
	const error = isObject(whole.error) ? whole.error : whole;
	const message = isObject(error.message) ? error.message : {};
	const lists = [whole.detail, whole.errors, error.detail, error.details, error.errors, message.detail];
	return [error, ...lists.flatMap(itemsOf)].flatMap((item) => {
		if (!isObject(item)) return [];
		const fields = itemsOf(item.fieldViolations).map((violation) => (isObject(violation) ? violation.field : undefined));
		return [item.param, item.loc, item.field, ...fields].flatMap(memberOf);
	});
}

function itemsOf(value: unknown): readonly unknown[] {
	return Array.isArray(value) ? value : [];
}

/** Returns the member that a path begins with: `a.b`, `["body", "a", "b"]`. */
function memberOf(path: unknown): string[] {
	const names = Array.isArray(path) ? path : (textOf(path)?.split(/[.[]/, 2) ?? []);
	const name: unknown = names[0] === "body" ? names[1] : names[0];
	return typeof name === "string" ? [name] : [];
}
