import { textOf } from "../../../kit/json/guards.ts";

const PREFIX = "spear_";

/** Returns a function that returns a new id for each client event of a session. */
export function eventIds(): () => string {
	let number = 0;
	return () => {
		number += 1;
		return `${PREFIX}${number}`;
	};
}

/** Returns the id in an error if it is one of {@link eventIds}. Some servers put an id of their own there. */
export function ownEventId(value: unknown): string | undefined {
	const id = textOf(value);
	return id?.startsWith(PREFIX) === true ? id : undefined;
}
