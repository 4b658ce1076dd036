/**
 * To be given what is left of a value after every known member was taken out of it. When the ABI grows a member, the call no
 * longer compiles, so that an adapter must say what becomes of it.
 */
export function assertNoFieldsLeft(_rest: Record<string, never>): void {}
