/** Of the charts of home in px: as tall as the list of assets beside them. */
export const chartHeight = 312
