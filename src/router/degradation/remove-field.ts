/** A removed value. */
const REMOVED = Symbol("removed");
/** A list that the removal leaves without items. */
const EMPTIED = Symbol("emptied");

/**
 * Returns a copy of a payload without the occurrences of a field that pass a test. Unchanged parts are shared with the payload.
 *
 * A case of a variant is removed with the field or list item that holds the variant. A removed list is left empty.
 *
 * @param path Names that lead to the field, such as `messages.content.image`.
 * @returns `undefined` if a list would lose all of its items, or nothing would be left.
 */
export function withoutField(payload: unknown, path: string, isRemoved: (value: unknown) => boolean): unknown {
	const left = without(payload, path.split("."), isRemoved);
	return left === REMOVED || left === EMPTIED ? undefined : left;
}

function without(value: unknown, path: readonly string[], isRemoved: (value: unknown) => boolean): unknown {
	const [name, ...rest] = path;
	if (name === undefined) return isRemoved(value) ? REMOVED : value;
	if (Array.isArray(value)) return fromList(value, path, isRemoved);
	if (!isObject(value)) return value;
	const isVariant = typeof value.type === "string";
	if (isVariant ? value.type !== name : value[name] === undefined) return value;
	const member = value[name];
	const left = without(member, rest, isRemoved);
	if (left === member || left === EMPTIED) return left === EMPTIED ? EMPTIED : value;
	if (left !== REMOVED) return { ...value, [name]: left };
	if (isVariant) return REMOVED;
	if (Array.isArray(member)) return { ...value, [name]: [] };
	const { [name]: _, ...others } = value;
	return others;
}

function fromList(list: readonly unknown[], path: readonly string[], isRemoved: (value: unknown) => boolean): unknown {
	const left: unknown[] = list.map((item) => without(item, path, isRemoved));
	if (left.includes(EMPTIED)) return EMPTIED;
	if (left.every((item, index) => item === list[index])) return list;
	const kept = left.filter((item) => item !== REMOVED);
	return kept.length === 0 ? EMPTIED : kept;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null && !ArrayBuffer.isView(value);
}
