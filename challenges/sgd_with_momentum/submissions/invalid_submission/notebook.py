{
 "cells": [
  {
   "cell_type": "code",
   "execution_count": null,
   "metadata": {},
   "outputs": [],
   "source": [
    "def sgdWithMomentum(data, lr, beta, epochs):\n",
    "    w = v = 0\n",
    "    for _ in range(epochs):\n",
    "        for s in data:\n",
    "            v = beta * v + 2 * (w * s['x'] - s['y']) * s['x']\n",
    "            w = w - lr * v\n",
    "    return w"
   ]
  }
 ],
 "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
 "nbformat": 4,
 "nbformat_minor": 5
}
