/**
 * Accepts the rest of an object after every known member was destructured. A new member of the ABI no longer compiles, so each
 * adapter must translate, refuse or drop it explicitly.
 */
export function assertNoFieldsLeft(_rest: Record<string, never>): void {}
