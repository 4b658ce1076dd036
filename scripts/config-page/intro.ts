/** Text before the tables. */
export const INTRO = `
<!-- Made by \`npm run config-page -- --write\` from codegen/schemas/config.schema.json. Do not edit. -->

# The configuration \`spear.toml\`

All keys of the configuration, with types, defaults, bounds and an example of each table. A key that is not listed is a fault. All
tables are optional: a host without a configuration runs on [an embedded default](../backends/kinds/README.md#without-configured-backends).

- [Options of each backend kind](../backends/kinds/README.md) are the keys of \`[backends.<name>.options]\`.
- The [schema](spear.schema.json) of the same keys completes and checks the file in editors, by a first line \`#:schema <path>\`.
- \`spear init\` writes a first file. \`spear check\` names every fault with its line and column.
- Durations are in milliseconds if the key ends in \`_ms\`, in seconds if it ends in \`_s\`. Sizes are in bytes.
- Keys and other secrets are never in the file: \`_env\` keys name environment variables, \`_file\` keys name files.

A default of an absent key that is no fixed value stands in its meaning. Prices and budgets are in one currency of your choice.
`;
