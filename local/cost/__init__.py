"""What the stack costs at AWS's list prices, and where its limits are: counts times prices (`make cost`)."""
