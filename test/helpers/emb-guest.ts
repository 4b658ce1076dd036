/** Part of a guest: a command that embeds texts. */
export const EMB_IMPORTS = 'import { embed } from "spear:ai/emb@0.1.0";';

export const EMB_COMMANDS = 'embed: ({ request, options }) => embed({ input: ["hello"], ...request }, options),';
