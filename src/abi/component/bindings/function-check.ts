import { camel } from "../import-object.ts";
import { type KeyFunction, type KeyType, parseFunctionKey } from "./key-parser.ts";
import { checkOf, type Mismatch, type PassedObjects, shown, type ValueCheck } from "./value-check.ts";

/** Checks of the values that a host passes to a guest. Made once for each function, when the function is first called. */
export class FunctionCheck {
	readonly #type: KeyFunction;
	#params: readonly (readonly [name: string, check: ValueCheck])[] | undefined;
	#sides: { readonly ok: ValueCheck | undefined; readonly err: ValueCheck | undefined } | undefined;

	private constructor(key: string) {
		this.#type = parseFunctionKey(key);
	}

	/** @param lifting the generated code of a function, with its type key */
	static of(lifting: { readonly key: string }): FunctionCheck {
		const known = checks.get(lifting);
		if (known !== undefined) return known;
		const made = new FunctionCheck(lifting.key);
		checks.set(lifting, made);
		return made;
	}

	/**
	 * Checks the arguments of an export. The receiver of a method comes first.
	 *
	 * @param site the function, for messages
	 * @throws TypeError naming the function, the part of the argument, and what is wanted instead
	 */
	arguments(site: string, values: readonly unknown[], objects: PassedObjects): void {
		this.#params ??= this.#type.params.map(({ name, type }) => [camel(name), type === undefined ? SOUND : checkOf(type)]);
		for (const [index, [name, check]] of this.#params.entries()) {
			const found = check(values[index], objects);
			if (found !== undefined) throw wrongValue(`argument \`${name}${found.path}\` of ${site}`, found);
		}
	}

	/**
	 * Checks the answer of an import, in the form that the function returns.
	 *
	 * @throws TypeError as for arguments
	 */
	answer(site: string, value: unknown): void {
		const found = this.#answers().ok?.(value, NO_OBJECTS);
		if (found !== undefined) throw wrongValue(`the answer of the import ${site}${partOf(found)}`, found);
	}

	/**
	 * Checks the payload of an error that an import throws.
	 *
	 * @throws TypeError as for arguments
	 */
	payload(site: string, value: unknown): void {
		const found = this.#answers().err?.(value, NO_OBJECTS);
		if (found !== undefined) throw wrongValue(`the error of the import ${site}${partOf(found, "payload")}`, found);
	}

	#answers(): { readonly ok: ValueCheck | undefined; readonly err: ValueCheck | undefined } {
		this.#sides ??= sidesOf(this.#type.result);
		return this.#sides;
	}
}

const checks = new WeakMap<object, FunctionCheck>();

/** An import never passes resources of the guest. */
const NO_OBJECTS: PassedObjects = { pass: () => false };

const SOUND: ValueCheck = () => undefined;

/** A function whose type is a result returns the value, and throws the error. */
function sidesOf(type: KeyType | undefined): { readonly ok: ValueCheck | undefined; readonly err: ValueCheck | undefined } {
	if (type?.kind !== "result") return { ok: type && checkOf(type), err: undefined };
	return { ok: type.ok && checkOf(type.ok), err: type.err && checkOf(type.err) };
}

function partOf({ path }: Mismatch, whole = ""): string {
	const part = `${whole}${path}`.replace(/^\./, "");
	return part === "" ? "" : `: \`${part}\``;
}

function wrongValue(what: string, { wanted, got }: Mismatch): TypeError {
	return new TypeError(`${what} must be ${wanted}; got ${shown(got)}`);
}
