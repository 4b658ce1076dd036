import { randomBytes } from "node:crypto";
import { INSTANCE_LENGTH, MAX_HOST_NAME } from "../members.ts";

/** Characters of the identifier in a name that was taken. */
const SUFFIX_LENGTH = 5;

/** Returns an identifier for one start of a host. */
export function newInstance(): string {
	return randomBytes(INSTANCE_LENGTH / 2).toString("hex");
}

/** Returns true for an identifier of an instance. */
export function isInstance(value: unknown): value is string {
	return typeof value === "string" && value.length === INSTANCE_LENGTH && /^[0-9a-f]+$/.test(value);
}

/** Returns true for a name that a host may have. */
export function isHostName(name: string): boolean {
	return name.length <= MAX_HOST_NAME && /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name);
}

/** Returns a name for a host whose own name another live host has. */
export function otherName(name: string, instance: string): string {
	return `${name.slice(0, MAX_HOST_NAME - SUFFIX_LENGTH - 1)}-${instance.slice(0, SUFFIX_LENGTH)}`;
}
