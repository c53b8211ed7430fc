/** A user that rules and look-ups can name: a user namespace knows its own root alone. */
export const userId = process.env['NETLOOM_TEST_ISOLATION'] === 'user' ? 0 : 1000
