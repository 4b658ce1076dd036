import type { FieldRule } from "../../backends/rules.ts";

/** A table of rules by the path of the field, whatever its operation is. */
export type RuleTable = Readonly<Record<string, FieldRule>>;
