/** Numbers in titles: 500,000. */
export const plain = (value: number): string => value.toLocaleString('en-US')
