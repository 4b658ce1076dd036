/**
 * A message that the code of this package never sends. The worker that sent it runs other code, or has lost its senses, and is ended.
 */
export class Violation extends Error {
	override readonly name = "Violation";
}

/** @throws Violation unless the condition holds. */
export function require(condition: boolean, rule: string): asserts condition {
	if (!condition) throw new Violation(rule);
}
