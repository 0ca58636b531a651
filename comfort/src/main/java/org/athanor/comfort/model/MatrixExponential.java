package org.athanor.comfort.model;

/** e^A of a small matrix by scaling and squaring of the Taylor series. */
final class MatrixExponential {
    /** After scaling to norm 1/2 this many terms leave less than 2⁻⁶⁰ of the sum. */
    private static final int TERMS = 18;

    private MatrixExponential() {}

    static double[][] of(double[][] matrix) {
        int squarings = Math.max(0, Math.getExponent(norm(matrix)) + 2);
        double[][] scaled = scale(matrix, Math.scalb(1.0, -squarings));
        double[][] sum = identity(matrix.length);
        double[][] term = sum;
        for (int k = 1; k <= TERMS; k++) {
            term = scale(multiply(term, scaled), 1.0 / k);
            sum = add(sum, term);
        }
        for (int i = 0; i < squarings; i++) sum = multiply(sum, sum);
        return sum;
    }

    private static double norm(double[][] a) {
        double norm = 0;
        for (var row : a) {
            double sum = 0;
            for (double value : row) sum += Math.abs(value);
            norm = Math.max(norm, sum);
        }
        return norm;
    }

    private static double[][] identity(int n) {
        var result = new double[n][n];
        for (int i = 0; i < n; i++) result[i][i] = 1;
        return result;
    }

    private static double[][] scale(double[][] a, double factor) {
        var result = new double[a.length][a.length];
        for (int i = 0; i < a.length; i++) for (int j = 0; j < a.length; j++) result[i][j] = a[i][j] * factor;
        return result;
    }

    private static double[][] add(double[][] a, double[][] b) {
        var result = new double[a.length][a.length];
        for (int i = 0; i < a.length; i++) for (int j = 0; j < a.length; j++) result[i][j] = a[i][j] + b[i][j];
        return result;
    }

    private static double[][] multiply(double[][] a, double[][] b) {
        int n = a.length;
        var result = new double[n][n];
        for (int i = 0; i < n; i++)
            for (int k = 0; k < n; k++) for (int j = 0; j < n; j++) result[i][j] += a[i][k] * b[k][j];
        return result;
    }
}
